"""The tables of the finance scorer: what they mean, and what is refused."""

import pytest

from pipelines.sentiment.finance import BadTable, classes, fingerprint, overlay, terms


def write_table(path, *lines: str):
    path.write_text("\n".join(("term\tvalence\twhy", *lines)) + "\n", encoding="utf-8")
    return path


def test_every_valence_stands_within_the_scale_and_every_token_is_one_word():
    for token, valence in overlay().items():
        assert valence is None or -4 <= valence <= 4
        assert token == token.lower()
        assert token.split() == [token]


def test_a_term_can_be_added_taken_out_and_made_to_negate(tmp_path):
    table = write_table(tmp_path / "table.tsv", "soar\t2.5\tup", "share\tnone\ta unit", "hardly\tnot\tnegates")
    assert overlay(table) == {"soar": 2.5, "soar_weak": 1.0, "share": None}
    assert terms(table)["hardly"] == "not"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ("soar\t2\tup", "soar\t3\tup"),
            r"table\.tsv:3: the term 'soar' stands there twice, first in line 2",
        ),
        (("soar\t2\tup", "sell-off\t-2\tdown", "sell off\t-2\tdown"), r"table\.tsv:4: .* first in line 3"),
        (("soar\thigh\tup",), r"table\.tsv:2: the valence 'high' is neither a number"),
        (("soar\tnan\tup",), r"table\.tsv:2: the valence nan is not within -4 and 4"),
        (("soar\t4.1\tup",), r"table\.tsv:2: the valence 4.1 is not within -4 and 4"),
        (("soar\t-5\tup",), r"table\.tsv:2: the valence -5 is not within -4 and 4"),
        (("soar\t2\t",), r"table\.tsv:2: term, valence, why are all needed"),
        (("soar\t2",), r"table\.tsv:2: term, valence, why are all needed"),
        (("Soar\t2\tup",), r"table\.tsv:2: the term 'Soar' is not in lower case"),
        (("<nothing> falls\t2\tup",), r"table\.tsv:2: the term '<nothing> falls' names an unknown class"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused_with_its_number(tmp_path, lines: tuple[str, ...], message: str):
    with pytest.raises(BadTable, match=message):
        overlay(write_table(tmp_path / "table.tsv", *lines))


def test_a_table_with_other_columns_is_refused(tmp_path):
    table = tmp_path / "table.tsv"
    table.write_text("word\tscore\n", encoding="utf-8")
    with pytest.raises(BadTable, match=r"table\.tsv:1: the columns are term, valence, why"):
        overlay(table)


def test_a_class_that_stands_twice_is_refused(tmp_path):
    table = tmp_path / "classes.tsv"
    table.write_text("class\twords\twhy\ngood\tprofit\ta\ngood\tsales\tb\n", encoding="utf-8")
    with pytest.raises(BadTable, match=r"classes\.tsv:3: the class 'good' stands there twice"):
        classes(table)


def test_the_fingerprint_is_short_and_the_same_each_time():
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 12
