"""The seven rules written by hand in Polars, lazily and streaming: the second thing somebody would try."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl

GUIGANG = dt.date(2011, 11, 21), dt.date(2015, 12, 31)
CHANGZHI = dt.date(2017, 6, 30), dt.date(2020, 12, 31)
JINCHENG = dt.date(2009, 1, 1), dt.date(2013, 12, 31)
NA, OK, BAD, OPEN, ASK, EXCUSED = "not_applicable", "compliant", "violated", "pending", "undetermined", "excused"


def word(text: str) -> pl.Expr:
    return pl.lit(text, pl.String)


def outside(day: pl.Expr, term: tuple[dt.date, dt.date]) -> pl.Expr:
    return (day < term[0]) | (day > term[1])


def doubtful(verdict: pl.Expr, applies: pl.Expr) -> pl.Expr:
    """A verdict where it may not be known whether the rule applies."""
    return pl.when((verdict == NA) | applies.fill_null(False)).then(verdict).otherwise(word(ASK))


def two_readings(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    def one(x: str, y: str) -> pl.Expr:
        return ((a == x) & (b == y)) | ((a == y) & (b == x))

    return (
        pl.when(a == b).then(a)
        .when((a == ASK) | (b == ASK)).then(word(ASK))
        .when(one(EXCUSED, OK)).then(word(EXCUSED))
        .when(one(OPEN, OK) | one(OPEN, NA)).then(word(OPEN))
        .otherwise(word("arguable"))
    )  # fmt: skip


class Office:
    """The three tables, and what all rules need of them."""

    def __init__(self, tables: dict[str, Path], as_of: dt.date, rest_days: Any) -> None:
        self.as_of = pl.lit(as_of, pl.Date)
        self.records = pl.scan_parquet(tables["records"])
        self.events = pl.scan_parquet(tables["events"]).filter(pl.col("date") <= as_of)
        self.people = pl.scan_parquet(tables["participants"])
        self.roll = pl.DataFrame(pl.from_arrow(rest_days)).lazy()

    def base(self, type_: str, place: str, applies: pl.Expr) -> pl.LazyFrame:
        """The records of a type that the rule does or may concern."""
        inside = pl.col("jurisdiction").str.starts_with(place)
        mine = self.records.filter(pl.col("type") == type_).with_columns(applies=inside & applies)
        return mine.filter(pl.col("applies").fill_null(True))

    def firsts(self, prefix: str, **named: list[str]) -> pl.LazyFrame:
        """The first day of some events of each record."""
        names = [name for group in named.values() for name in group]
        mine = self.events.filter(pl.col("event").is_in(names) & pl.col("record").str.starts_with(prefix))
        first = {k: pl.col("date").filter(pl.col("event").is_in(v)).min() for k, v in named.items()}
        return mine.group_by("record").agg(**first)

    def within(
        self, type_: str, place: str, term: Any, names: tuple[str, str], days: int, applies: pl.Expr, prefix: str
    ) -> pl.LazyFrame:
        trigger = self.firsts(prefix, t=[names[0]])
        acts = self.events.filter(pl.col("event") == names[1]).join(trigger, on="record", how="left")
        acts = acts.group_by("record").agg(
            r=pl.col("date").filter(pl.col("date") >= pl.col("t")).min(), anyhow=pl.col("date").min()
        )
        frame = self.base(type_, place, applies).join(trigger, on="record", how="left")
        frame = frame.join(acts, on="record", how="left").with_columns(due=pl.col("t").dt.offset_by(f"{days}d"))
        frame = frame.join(self.roll, left_on="due", right_on="day", how="left")
        t, r, anyhow = pl.col("t"), pl.col("r"), pl.col("anyhow")

        def read(due: pl.Expr) -> pl.Expr:
            return (
                pl.when(outside(pl.coalesce(t, self.as_of), term)).then(word(NA))
                .when(t.is_null()).then(pl.when(anyhow.is_null()).then(word(NA)).otherwise(word(ASK)))
                .when(r <= due).then(word(OK)).when(r > due).then(word(BAD))
                .when(anyhow.is_not_null()).then(word(ASK))
                .when(self.as_of <= due).then(word(OPEN)).otherwise(word(BAD))
            )  # fmt: skip

        return frame.with_columns(verdict=two_readings(read(pl.col("due")), read(pl.col("rolled"))))

    def filing(self) -> pl.LazyFrame:
        condition = pl.col("issuer_level").is_in(["city", "county", "department"])
        return self.within("normative_document", "4508", GUIGANG, ("published", "filed"), 15, condition, "nd")

    def replies(self) -> pl.LazyFrame:
        condition = pl.col("applicant_kind").is_in(["citizen", "legal_person", "other_organisation"])
        return self.within("review_request", "1404", CHANGZHI, ("received", "answered"), 30, condition, "rr")

    def comments(self) -> pl.LazyFrame:
        opened = self.firsts("ld", t=["comments_opened"])
        ends = self.events.filter(
            pl.col("event").is_in(["comments_closed", "collectively_discussed"])
            & pl.col("record").str.starts_with("ld")
        ).join(opened, on="record", how="left")
        late = pl.col("date") >= pl.col("t")
        ends = ends.group_by("record").agg(
            closed=pl.col("date").filter(late & (pl.col("event") == "comments_closed")).min(),
            discussed=pl.col("date").filter(late & (pl.col("event") == "collectively_discussed")).min(),
            anyhow=pl.col("date").min(),
        )
        frame = self.base("legislative_draft", "1404", ~pl.col("secret_by_law"))
        frame = frame.join(opened, on="record", how="left").join(ends, on="record", how="left")
        t, r, anyhow = pl.col("t"), pl.coalesce("closed", "discussed"), pl.col("anyhow")

        def read(days: int) -> pl.Expr:
            due = t.dt.offset_by(f"{days}d")
            short = pl.when(pl.col("shortening_reason").is_null()).then(word(BAD)).otherwise(word(EXCUSED))
            return (
                pl.when(outside(pl.coalesce(t, self.as_of), CHANGZHI)).then(word(NA))
                .when(t.is_null()).then(pl.when(anyhow.is_null()).then(word(NA)).otherwise(word(ASK)))
                .when(r >= due).then(word(OK)).when(r < due).then(short)
                .when(anyhow.is_not_null()).then(word(ASK))
                .when(self.as_of >= due).then(word(OK)).otherwise(word(OPEN))
            )  # fmt: skip

        return frame.with_columns(verdict=two_readings(read(30), read(29)))

    def review(self) -> pl.LazyFrame:
        gates = self.firsts("md", s=["submitted_for_discussion"], d=["collectively_discussed"])
        gates = gates.select("record", gate=pl.coalesce("s", "d"))
        lawful = pl.col("result") == "lawful"
        last = self.events.filter(pl.col("event") == "legality_reviewed").join(gates, on="record")
        last = last.filter(pl.col("date") <= pl.col("gate"))
        last = last.filter(pl.col("date") == pl.col("date").max().over("record")).group_by("record").agg(
            surely=lawful.fill_null(False).all(), perhaps=lawful.fill_null(True).any()
        )  # fmt: skip
        frame = self.base("major_decision", "1404", pl.lit(True)).join(gates, on="record", how="left")
        frame = frame.join(last, on="record", how="left")
        return frame.with_columns(
            verdict=pl.when(outside(pl.coalesce("gate", self.as_of), CHANGZHI)).then(word(NA))
            .when(pl.col("gate").is_null()).then(word(OPEN))
            .when(pl.col("surely").is_null()).then(word(BAD))
            .when(pl.col("surely")).then(word(OK))
            .when(~pl.col("perhaps")).then(word(BAD)).otherwise(word(ASK))
        )  # fmt: skip

    def handlers(self) -> pl.LazyFrame:
        gates = self.firsts("rc", gate=["decided", "mediated", "closed"])
        people = self.people.group_by("record").agg(
            number=pl.col("person").filter(pl.col("role") == "handler").n_unique()
        )
        frame = self.base("reconsideration_case", "4508", pl.lit(True)).join(gates, on="record", how="left")
        frame = frame.join(people, on="record", how="left")
        return frame.with_columns(
            verdict=pl.when(outside(pl.coalesce("gate", self.as_of), GUIGANG)).then(word(NA))
            .when(pl.col("gate").is_null()).then(word(OPEN))
            .when(pl.col("number").is_null()).then(word(ASK))
            .when(pl.col("number") < 2).then(word(BAD)).otherwise(word(OK))
        )  # fmt: skip

    def hours(self) -> pl.LazyFrame:
        first, last = (pl.lit(day, pl.Date) for day in JINCHENG)
        frame = self.base("staff_member", "1405", pl.lit(True)).with_columns(
            first=pl.max_horizontal(first, pl.col("service_from").fill_null(first)),
            last=pl.min_horizontal(last, pl.col("service_to").fill_null(last)),
        )
        until = pl.min_horizontal("last", self.as_of)
        years = pl.int_ranges(pl.col("first").dt.year(), until.dt.year() + 1, dtype=pl.Int32)
        frame = frame.with_columns(year=pl.when(pl.col("first") <= until).then(years)).explode("year")
        topic = pl.col("topic").is_in(["law", "rule_of_law"])
        acts = self.events.filter(pl.col("record").str.starts_with("sm")).filter(
            pl.col("event").is_in(["law_study_day", "executive_meeting_law_study"])
            | ((pl.col("event") == "trained") & topic.fill_null(True))
        )
        acts = acts.with_columns(sure=(pl.col("event") != "trained") | topic.fill_null(False))
        gap = pl.col("hours").is_null()
        acts = acts.group_by("record", year=pl.col("date").dt.year()).agg(
            a=pl.col("hours").filter(pl.col("sure")).sum(), b=pl.col("hours").sum(),
            ga=gap.filter(pl.col("sure")).any(), gb=gap.any(),
        )  # fmt: skip
        frame = frame.join(acts, on=["record", "year"], how="left")
        opening, ending = pl.date(pl.col("year"), 1, 1), pl.date(pl.col("year"), 12, 31)

        def read(total: str, unknown: str) -> pl.Expr:
            return (
                pl.when(pl.col("year").is_null() | (pl.col("first") > opening) | (pl.col("last") < ending))
                .then(word(NA))
                .when(pl.col(total).fill_null(0) >= 40).then(word(OK))
                .when(pl.col(unknown).fill_null(False)).then(word(ASK))
                .when(self.as_of <= ending).then(word(OPEN)).otherwise(word(BAD))
            )  # fmt: skip

        frame = frame.with_columns(v1=read("a", "ga"), v2=read("b", "gb"))
        same = pl.col("v1") == pl.col("v2")
        return frame.with_columns(verdict=pl.when(same).then(pl.col("v1")).otherwise(word(ASK)))

    def cleanup(self) -> pl.LazyFrame:
        first, last = (pl.lit(day, pl.Date) for day in JINCHENG)
        kinds = pl.col("organ_kind").is_in(["government", "department", "enforcement_organ"])
        mine = self.base("organ", "1405", kinds & pl.col("level").is_in(["city", "county"]))
        mine = mine.filter(self.as_of >= first).select("record", "applies")
        right = (pl.col("kind") == "normative_documents") & (pl.col("scope") == "full")
        acts = self.events.filter(
            (pl.col("event") == "cleanup_done") & (pl.col("date") >= first) & right.fill_null(True)
        )
        acts = acts.with_columns(sure=right.fill_null(False)).group_by("record", start="date").agg(pl.col("sure").any())
        origin = mine.select("record", start=first.dt.offset_by("-1d"), sure=pl.lit(True))
        gaps = pl.concat([origin, acts.join(mine.select("record"), on="record", how="semi")]).sort("record", "start")
        later = pl.col("start").shift(-1).over("record")
        sure = pl.when("sure").then(pl.col("start")).shift(-1).backward_fill().over("record")
        gaps = gaps.with_columns(may=later, certain=sure).filter(pl.col("start") <= last).join(mine, on="record")
        block = (pl.col("start").dt.year() - 2009).floordiv(2) + 2
        gaps = gaps.with_columns(
            rolling=pl.col("start").dt.offset_by("2y"), block=pl.date(2009 + 2 * block - 1, 12, 31)
        )

        def read(following: str, due: str) -> pl.Expr:
            cut = pl.when(self.as_of <= last).then(word(OPEN)).otherwise(word(NA))
            return (
                pl.when(pl.col(following) <= pl.col(due)).then(word(OK)).when(pl.col(due) > last).then(cut)
                .when(pl.col(following) > pl.col(due)).then(word(BAD))
                .when(self.as_of <= pl.col(due)).then(word(OPEN)).otherwise(word(BAD))
            )  # fmt: skip

        def worlds(due: str) -> pl.Expr:
            a, b = read("certain", due), read("may", due)
            return pl.when((a == b) & (pl.col("sure") | (a == NA))).then(a).otherwise(word(ASK))

        return gaps.with_columns(verdict=two_readings(worlds("rolling"), worlds("block")))

    def rules(self) -> dict[str, pl.LazyFrame]:
        return {
            "guigang-2011/nd-filing-15-days": self.filing(),
            "changzhi-2017/objection-reply-30d": self.replies(),
            "changzhi-2017/draft-comment-period-30d": self.comments(),
            "changzhi-2017/no-discussion-without-legality-review": self.review(),
            "guigang-2011/recon-two-handlers": self.handlers(),
            "jincheng-2009/study-hours-40": self.hours(),
            "jincheng-2009/nd-cleanup-2y": self.cleanup(),
        }


def run(tables: dict[str, Path], as_of: str, rest_days: Any) -> dict[str, dict[str, int]]:
    """The number of assessments by rule and verdict; see `by_sql.run`."""
    office = Office(tables, dt.date.fromisoformat(as_of), rest_days)
    asked = {
        rule: frame.select(verdict=doubtful(pl.col("verdict"), pl.col("applies"))).group_by("verdict").len()
        for rule, frame in office.rules().items()
    }
    counted = pl.collect_all(list(asked.values()), engine="streaming")
    return {rule: dict(sorted(frame.iter_rows())) for rule, frame in zip(asked, counted, strict=True)}
