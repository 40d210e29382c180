"""How much of a text is about each instrument that it names.

Here: relevance from the places of mentions alone. Not here: finding them (``mentions.py``), what is
said about them.
"""

import pyarrow as pa

RELEVANCE = pa.schema([("text_id", pa.string()), ("ticker", pa.string()), ("relevance", pa.float64())])
TITLE_WEIGHT, EARLY_WEIGHT, SHARE_WEIGHT = 0.5, 0.2, 0.3  # sum to 1: named in the title and throughout is all


def relevance(mentions: pa.Table, sentences: pa.Table) -> pa.Table:
    """Relevance of each ticker to each text, 0 to 1.

    ``mentions``: ``text_id``, ``ticker``, ``position`` (null: declared by the source). ``sentences``:
    ``text_id``, ``position``, ``is_title``, one row per sentence. Returns ``RELEVANCE``, texts in the
    order of their first mention, tickers of a text in alphabetical order.

    ::

        relevance = (0.5 title + 0.2 early + 0.3 share) * sqrt(focus)

    - title: 1 if the title names it or the source declares it, else 0;
    - early: 1 if the first sentence of the body names it, falling evenly to 1/n for the last of n; 0
      for none;
    - share: part of all sentences, title included, that name it;
    - focus: its part of all namings in the text; one sentence names a ticker once, a declaration counts
      as one.

    Where neither title nor source names anything, early takes the weight of title: a text without a
    title is not less about what it says. Ten tickers in a row get a third each of what one alone would
    get.
    """
    named = mentions.select(["text_id", "ticker", "position"]).to_pandas().drop_duplicates()
    if named.empty:
        return RELEVANCE.empty_table()
    order = {text: place for place, text in enumerate(named["text_id"].unique())}
    frame = sentences.select(["text_id", "position", "is_title"]).to_pandas()
    frame = frame[frame["text_id"].isin(order)]
    body = frame[~frame["is_title"]].sort_values(["text_id", "position"])
    frame["place"] = body.groupby("text_id").cumcount()  # not the position: quotes may stand between
    named = named.merge(frame, on=["text_id", "position"], how="left")
    named["in_title"] = named["is_title"].eq(True) | named["position"].isna()
    named["in_text"] = named["position"].notna()
    each = named.groupby(["text_id", "ticker"], sort=True).agg(
        title=("in_title", "max"),
        first=("place", "min"),
        sentences=("in_text", "sum"),
        namings=("ticker", "size"),
    )
    length = frame.groupby("text_id").size()
    text = each.index.get_level_values("text_id")
    early = (1 - each["first"] / text.map(body.groupby("text_id").size()).to_numpy()).fillna(0.0)
    share = (each["sentences"] / text.map(length).to_numpy()).fillna(0.0)
    focus = each["namings"] / each.groupby("text_id")["namings"].transform("sum")
    has_title = each.groupby("text_id")["title"].transform("max")
    title_weight = TITLE_WEIGHT * has_title
    early_weight = EARLY_WEIGHT + TITLE_WEIGHT - title_weight
    each["relevance"] = (title_weight * each["title"] + early_weight * early + SHARE_WEIGHT * share) * focus**0.5
    each = each.reset_index()
    each = each.iloc[each["text_id"].map(order).argsort(kind="stable")]
    return pa.Table.from_pandas(each[RELEVANCE.names], schema=RELEVANCE, preserve_index=False)
