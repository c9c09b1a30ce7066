"""The persona source: everything fits together, and item k is a function of language, seed and k."""

import re
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from tanemaki.core.errors import SetupError
from tanemaki.core.record import Origin
from tanemaki.core.source import Item, Source
from tanemaki.sources import personas
from tanemaki.sources.attributes import read_table
from tanemaki.sources.personas import LANGUAGES, TABLES, Personas

FOLDER = Path(personas.__file__).parent / "tables" / "personas"
N_ITEMS = 20_000
PREFECTURES = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
]

Rows = list[dict[str, str]]


def rows_of(language: str, table: str) -> Rows:
    """Read a table without the code under test."""
    lines = (FOLDER / language / f"{table}.tsv").read_text(encoding="utf-8").split("\n")
    cells = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert {len(row) for row in cells} == {len(cells[0])}
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


def tags_in(cell: str) -> list[str]:
    return [] if cell == "-" else cell.split()


@pytest.fixture(scope="module")
def many() -> dict[str, list[Item]]:
    return {language: list(islice(Personas(language, 11).items(), N_ITEMS)) for language in LANGUAGES}


def test_it_is_a_source_that_never_ends() -> None:
    source: Source = Personas("ja", seed=7)
    assert (source.kind, source.size, source.unlimited, source.distinct) == ("personas", None, True, True)
    item = next(iter(source.items(10**12)))
    assert isinstance(item, Item)
    assert list(item.fields) == list(source.columns)
    assert item.sources == (Origin("tanemaki/personas/ja", licence="Apache-2.0"),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_fields_have_the_declared_types(language: str, many: dict[str, list[Item]]) -> None:
    for item in many[language][:2_000]:
        for name, kind in Personas.columns.items():
            value = item.fields[name]
            if kind == "texts":
                assert 1 <= len(value) <= 2
                assert all(isinstance(text, str) and text for text in value)
            else:
                assert isinstance(value, int if kind == "integer" else str)
                assert value


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_item_depends_on_its_place_alone(language: str) -> None:
    whole = list(islice(Personas(language, 7).items(), 200))
    assert list(islice(Personas(language, 7).items(137), 63)) == whole[137:]
    source = Personas(language, 7)
    assert [source.item(k) for k in reversed(range(200))] == whole[::-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_neighbouring_seeds_and_places_share_nothing_but_chance(language: str) -> None:
    here, there = Personas(language, 7), Personas(language, 8)
    pairs = [
        (here.item(k).fields, there.item(k + shift).fields) for shift in (-1, 0, 1) for k in range(1, 400)
    ]
    assert all(one["persona"] != other["persona"] for one, other in pairs)
    # two independent draws agree on the age in about 1 pair of 60; a shared stream would agree in all
    assert sum(one["age"] == other["age"] for one, other in pairs) / len(pairs) < 0.04


def test_fingerprints_tell_language_and_seed_apart() -> None:
    sources = [Personas(language, seed) for language in LANGUAGES for seed in (0, 1, -1)]
    assert len({source.fingerprint for source in sources}) == 6
    assert Personas("ja", 1).fingerprint == Personas("ja", 1).fingerprint


def test_an_unknown_language_is_named_with_its_nearest() -> None:
    with pytest.raises(SetupError) as caught:
        Personas("jaa", 1)
    assert str(caught.value).splitlines() == [
        "SetupError: there are no persona tables for this language",
        "  where   source of kind personas",
        "  got     'jaa'",
        "  next    did you mean 'ja'?",
    ]
    with pytest.raises(SetupError, match="choose one of en, ja"):
        Personas("français", 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_hardly_any_persona_repeats(language: str, many: dict[str, list[Item]]) -> None:
    assert len({item.fields["persona"] for item in many[language]}) >= N_ITEMS - 20
    assert len({repr(item.fields) for item in many[language]}) >= N_ITEMS - 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_attribute_fits_the_age_and_what_was_drawn_before(
    language: str, many: dict[str, list[Item]]
) -> None:
    """Read needs, bars and ages off the tables again and hold every persona against them."""
    tables = {table: Counter[str]() for table in TABLES}
    places = {
        "region": "regions",
        "occupation": "occupations",
        "household": "households",
        "temperament": "temperaments",
        "concern": "concerns",
    }
    rows: dict[str, dict[str, Rows]] = {}
    for name, table in places.items():
        rows[name] = {}
        for row in rows_of(language, table):
            text = row["text"]
            if (language, name) == ("en", "occupation"):
                text = text.split(" ", 1)[1]
            rows[name].setdefault(text, []).append(row)
    interests = {row["text"]: row for row in rows_of(language, "interests")}
    for item in many[language]:
        age, given = item.fields["age"], {f"group:{interests[i]['group']}" for i in item.fields["interests"]}
        assert len(given) == len(item.fields["interests"]), "two interests of one group"
        for name, table in places.items():
            fitting = [row for row in rows[name][item.fields[name]] if fits(row, age, given)]
            assert fitting, (name, item.fields)
            given.update(tags_in(fitting[0]["gives"]))
            tables[table][item.fields[name]] += 1
        for text in item.fields["interests"]:
            assert fits(interests[text], age, given), (text, item.fields)
    for table in ("households", "temperaments", "concerns", "regions"):
        known = {row["text"] for row in rows_of(language, table)}
        assert len(tables[table]) >= len(known) - 6, f"some rows of {table} are never drawn"


def fits(row: dict[str, str], age: int, given: set[str]) -> bool:
    needed = all(set(need.split("|")) & given for need in tags_in(row["needs"]))
    return (
        int(row["min_age"]) <= age <= int(row["max_age"]) and needed and not given & set(tags_in(row["bars"]))
    )


def test_no_japanese_persona_is_impossible(many: dict[str, list[Item]]) -> None:
    for fields in (item.fields for item in many["ja"]):
        age, occupation, schooling = fields["age"], fields["occupation"], fields["schooling"]
        household, concern = fields["household"], fields["concern"]
        if re.match("小学.年生|中学.年生|高校.年生", occupation):
            assert 8 <= age <= 18
            assert schooling == occupation[:2].replace("学", "学校") + "在学中"
            assert not re.search("夫婦|パートナー|恋人|孫と", household.replace("祖父母", ""))
        if occupation.startswith("元"):
            assert age >= 56
        if re.search("外科医|小児科医|開業医|薬剤師$", occupation) and not occupation.startswith("元"):
            assert schooling in {"六年制の大学卒業", "大学院博士課程修了"}
        if "孫" in household:
            assert age >= 60
        if re.search("年金|自分史|運転免許を返す", concern):
            assert age >= 58
        if re.search("日本酒|ワイン|ビール|株式|ドライブ", "".join(fields["interests"])):
            assert age >= 19
        if occupation in {"りんご農家", "みかん農家", "さとうきび農家", "酪農家", "海女", "沿岸の漁師"}:
            assert not re.match("東京都(?!八丈)|大阪府大阪|愛知県名古屋|長野県白馬|埼玉県", fields["region"])


def test_no_english_persona_is_impossible(many: dict[str, list[Item]]) -> None:
    for fields in (item.fields for item in many["en"]):
        age, occupation, schooling = fields["age"], fields["occupation"], fields["schooling"]
        if "pupil" in occupation or "grader" in occupation or occupation.startswith("high school"):
            assert 8 <= age <= 18
            assert "still attending" in schooling
            assert not re.search("partner|spouse|husband|wife|newborn", fields["household"])
        if occupation.startswith("retired"):
            assert age >= 48
        if occupation in {"surgeon", "psychiatrist", "family doctor", "paediatrician"}:
            assert schooling.startswith("a medical degree")
        if "grandchildren" in "".join(fields["interests"]) + fields["household"]:
            assert age >= 55
        if re.search("wine tasting|whisky tasting|home brewing", "".join(fields["interests"])):
            assert age >= 21
            assert not fields["region"].endswith(("Pakistan", "Bangladesh"))
        if "high school diploma" in schooling:
            assert fields["region"].endswith(("USA", "Canada", "Philippines"))


def test_all_47_prefectures_appear(many: dict[str, list[Item]]) -> None:
    seen = Counter(next(p for p in PREFECTURES if item.fields["region"].startswith(p)) for item in many["ja"])
    assert len(PREFECTURES) == 47
    assert set(seen) == set(PREFECTURES)
    assert min(seen.values()) > N_ITEMS / 400
    assert seen["東京都"] > seen["鳥取県"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_ages_follow_the_weights_of_the_bands(language: str, many: dict[str, list[Item]]) -> None:
    bands = rows_of(language, "ages")
    total = sum(int(band["weight"]) for band in bands)
    ages = [item.fields["age"] for item in many[language]]
    for band in bands:
        share = sum(int(band["min_age"]) <= age <= int(band["max_age"]) for age in ages) / N_ITEMS
        assert share == pytest.approx(int(band["weight"]) / total, abs=0.015), band["text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("table", "at_least"),
    [
        ("occupations", 300),
        ("interests", 120),
        ("temperaments", 40),
        ("households", 20),
        ("concerns", 40),
        ("frames", 8),
    ],
)
def test_tables_are_rich_and_hold_nothing_twice(language: str, table: str, at_least: int) -> None:
    rows = rows_of(language, table)
    assert len({row["text"] for row in rows}) >= at_least
    repeated = [key for key, n in Counter((row["text"], row["min_age"]) for row in rows).items() if n > 1]
    assert repeated == []
    if table != "households":
        assert len({row["text"] for row in rows}) == len(rows)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_tables_are_clean_and_tell_their_origin(language: str, table: str) -> None:
    content = (FOLDER / language / f"{table}.tsv").read_text(encoding="utf-8")
    head = content.splitlines()[1:3]
    assert "Licence: Apache-2.0" in head[0]
    assert "rough guesses" in head[1]
    assert content.endswith("\n")
    assert "\r" not in content
    for row in rows_of(language, table):
        for cell in row.values():
            assert cell, f"empty cell beside {row['text']!r}: write -"
            assert cell == cell.strip()
            assert not re.search(r"\s{2,}|[\u3000\u00a0\u200b]", cell), row["text"]
        assert int(row["weight"]) >= 1
        assert 0 <= int(row["min_age"]) <= int(row["max_age"]) <= 120


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tag_that_is_asked_for_is_given_somewhere(language: str) -> None:
    rows = [row for table in TABLES for row in rows_of(language, table)]
    given = {tag for row in rows for tag in tags_in(row["gives"])}
    given |= {f"group:{row['group']}" for row in rows if "group" in row}
    asked = {tag for row in rows for need in tags_in(row["needs"]) for tag in need.split("|")}
    asked |= {tag for row in rows for tag in tags_in(row["bars"])}
    assert asked - given == set()
    assert {tag for tag in given - asked if not tag.startswith("group:")} == set(), (
        "tags that nothing asks for"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_something_is_left_to_draw_whatever_was_drawn_before(language: str) -> None:
    tables = Personas(language, 0).tables
    places = {row.gives for row in tables["regions"].rows}
    for age in range(8, 93, 4):
        for place in places:
            assert tables["occupations"].fitting(age, place), (age, sorted(place))
        for occupation in tables["occupations"].fitting(age, frozenset().union(*places) - {"city", "dry"}):
            place = next(gives for gives in places if occupation.fits(gives))
            tags = occupation.gives | place
            assert tables["schooling"].fitting(age, tags), (occupation.text, age)
            households = tables["households"].fitting(age, tags)
            assert households, (occupation.text, age)
            for household in households:
                assert tables["concerns"].fitting(age, tags | household.gives), (
                    occupation.text,
                    household.text,
                )
                assert len(tables["frames"].fitting(age, tags | household.gives)) >= 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_reads_with_the_shortest_and_the_longest_words(language: str) -> None:
    tables = Personas(language, 0).tables
    for last in (0, -1):
        rows = {
            name: sorted(table.rows, key=lambda row: len(row.text))[last] for name, table in tables.items()
        }
        for age, interests in ((8, 1), (11, 2), (18, 1), (47, 2), (80, 1), (92, 2)):
            drawn = personas.Drawn(
                age=age,
                region=rows["regions"],
                occupation=rows["occupations"],
                schooling=rows["schooling"],
                household=rows["households"],
                interests=[rows["interests"]] * interests,
                temperament=rows["temperaments"],
                concern=rows["concerns"],
            )
            for frame in tables["frames"].rows:
                worded = frame.text.format_map(personas.slots_of(language, drawn))
                assert str(age) in worded
                assert not re.search(r"[{}]|、、|。。|、。|,,|\.\.|,\.| ,|\s\s", worded), worded
                assert worded.endswith("。" if language == "ja" else ".")
                assert 1 <= len(re.findall(r"。|\.(?= |$)", worded)) <= 2
                if language == "en":
                    assert worded[0].isupper()
                    assert not re.search(r"\ba (8|11|18|8\d)-year|\ban (47|92)-year", worded), worded


def test_english_articles_agree_with_what_follows() -> None:
    by_sound = {
        "university": "a",
        "UX": "a",
        "European": "a",
        "one": "a",
        "HR": "an",
        "hour": "an",
        "honest": "an",
    }
    for row in rows_of("en", "occupations"):
        article, rest = row["text"].split(" ", 1)
        first = re.split(r"[ -]", rest)[0]
        by_letter = "an" if first[0].lower() in "aeiou" else "a"
        assert article == by_sound.get(first, by_letter), row["text"]


def test_a_broken_table_is_found_when_it_is_read() -> None:
    header = "text\tweight\tmin_age\tmax_age\n"
    with pytest.raises(ValueError, match="zip"):
        read_table(header + "釣り\t3\t10\n")
    with pytest.raises(ValueError, match="'釣り' has the weight 0: a whole number from 1 is needed"):
        read_table(header + "釣り\t0\t10\t80\n")
