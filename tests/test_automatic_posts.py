"""What a machine wrote, or what is said to one, is told from what people write about machines."""

import time

import pyarrow as pa
import pytest

from pipelines.text.automatic import AUTHORS, automatic_reason, is_automatic_account


def reason(author: str | None = "ann", body: str | None = "MU is up") -> str | None:
    texts = pa.table(
        {"author_id": pa.array([author and f"test:{author}"], pa.string()), "body": pa.array([body], pa.string())}
    )
    [why] = automatic_reason(texts).to_pylist()
    return why


@pytest.mark.parametrize("author", ["AutoModerator", "automoderator", "VisualMod", "RemindMeBot", "WSBVoteBot"])
def test_a_known_account_is_automatic_in_any_case(author):
    assert reason(author) == "known automatic author"


def test_every_account_of_the_list_is_known():
    lines = [line.partition("#")[0].strip() for line in AUTHORS.read_text("utf-8").splitlines()]
    handles = [line for line in lines if line]
    assert len(handles) == len({handle.lower() for handle in handles})
    assert [handle for handle in handles if reason(handle) != "known automatic author"] == []


@pytest.mark.parametrize(
    "author",
    [
        "stock_bot",
        "stock-bot2",
        "DailyVoteBot",
        "MacroAIbot",
        "TRADING_BOT",
        "bot",
        "Tick_Bot_",
        "stock-bot.bsky.social",
    ],
)
def test_a_handle_that_ends_in_bot_as_a_word_is_a_bots(author):
    assert reason(author) == "author named bot"


@pytest.mark.parametrize(
    "author",
    ["Talbot", "Abbot", "robot_fan", "MrRobot", "botany", "orbotron88", "NotABot", "not_a_bot", "bottom_feeder", None],
)
def test_a_person_whose_name_only_sounds_so_is_none(author):
    assert reason(author) is None


@pytest.mark.parametrize(
    "body",
    [
        "I am a bot, and this action was performed automatically. Please contact the moderators.",
        "Your post was removed for its length.\n\n*I am a bot, and this action was performed automatically.*",
        "Beep boop. I'm a bot.",
        "Hello! I'm a friendly bot that counts words.",
        "^(beep boop)",
        "This message was automatically generated.",
    ],
)
def test_a_text_may_say_that_a_bot_wrote_it(body):
    assert reason(body=body) == "says that it is a bot"


@pytest.mark.parametrize(
    "body",
    [
        "I'm not a bot",
        "do you think I'm a bot because I buy MU?",
        "I am a bot lol",
        "> I am a bot, and this action was performed automatically.\n\nnobody asked, MU is cheap",
        "bots are pumping MU",
        "the beep boop crowd sold everything",
        "the sale was performed by hand",
    ],
)
def test_a_person_who_speaks_of_bots_is_none(body):
    assert reason(body=body) is None


@pytest.mark.parametrize(
    "body",
    [
        "!RemindMe 1 year",
        "RemindMe! 3 months",
        "remindme! Jan 1, 2021",
        'RemindMe! 6 months "did MU double"',
        "remindme in two weeks",
        "u/RemindMeBot 3 days",
        "!banbet MU 150 3d",
        "!banbets",
        "u/savevideo",
        "@threadreaderapp unroll please",
    ],
)
def test_a_command_to_a_bot_is_no_opinion(body):
    assert reason(body=body) == "command to a bot"


@pytest.mark.parametrize(
    "body",
    [
        "MU doubles by then. !RemindMe 3 months",
        "RemindMe! 3 months MU will double",
        "Remind me why anybody owns INTC",
        "!important: MU beats",
        "!",
        None,
        "",
    ],
)
def test_words_beside_a_command_are_an_opinion(body):
    assert reason(body=body) is None


def test_accounts_of_machines_are_known_without_a_text():
    handles = pa.array(["AutoModerator", "stock_bot", "Talbot", None])
    assert is_automatic_account(handles).to_pylist() == [True, True, False, False]


def test_no_rows_and_chunked_rows_are_rows():
    schema = pa.schema([("author_id", pa.string()), ("body", pa.string())])
    assert automatic_reason(schema.empty_table()).to_pylist() == []
    twice = pa.concat_tables([pa.table({"author_id": ["test:a_bot"], "body": ["x"]}, schema)] * 2)
    assert automatic_reason(twice).to_pylist() == ["author named bot"] * 2


def test_hostile_texts_take_linear_time():
    hostile = ["remindme! " + "1 " * 500_000, "I am a " * 200_000, ">" * 1_000_000, "beep " * 200_000, "!" * 1_000_000]
    texts = pa.table({"author_id": ["test:" + "b" * 100_000] * len(hostile), "body": hostile})
    began = time.monotonic()
    assert automatic_reason(texts).to_pylist() == [None] * len(hostile)
    assert time.monotonic() - began < 5
