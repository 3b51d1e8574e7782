"""The seven rules as somebody would write them in DuckDB's SQL for this one purpose, tuned by hand.

The events are read once into a narrow table; each rule is one group-by of its own type's events and one CASE. The
verdicts are those of the product: nothing is simplified that would change a count. Not a library: no rule, no date, no
word here can be changed without thinking of all the others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

# days since 1970-01-01, as the documents' terms begin and end
GUIGANG = "date '2011-11-21'", "date '2015-12-31'"
CHANGZHI = "date '2017-06-30'", "date '2020-12-31'"
JINCHENG = "date '2009-01-01'", "date '2013-12-31'"

ASKED = """'published', 'filed', 'received', 'answered', 'comments_opened', 'comments_closed',
  'collectively_discussed', 'submitted_for_discussion', 'legality_reviewed', 'decided', 'mediated', 'closed', 'trained',
  'law_study_day', 'executive_meeting_law_study', 'cleanup_done'"""

# what becomes of a verdict where it is not known whether the rule applies
DOUBT = "case when verdict = 'not_applicable' or applies then verdict else 'undetermined' end"


def _force(day: str, term: tuple[str, str]) -> str:
    """True where a day lies outside the term."""
    return f"({day} < {term[0]} or {day} > {term[1]})"


def _two_readings(first: str, second: str) -> str:
    """What two readings come to."""
    return f"""case when {first} = {second} then {first}
      when {first} = 'undetermined' or {second} = 'undetermined' then 'undetermined'
      when 'excused' in ({first}, {second}) and 'compliant' in ({first}, {second}) then 'excused'
      when 'pending' in ({first}, {second}) and (
        'compliant' in ({first}, {second}) or 'not_applicable' in ({first}, {second})) then 'pending'
      else 'arguable' end"""


def _within(
    rule: str, type_: str, place: str, term: tuple[str, str], names: tuple[str, str], days: int, condition: str
) -> str:
    """A reply within a number of days of the first trigger, under the reading that rest days move the end too."""
    trigger, act = names
    late = _force("coalesce(t, as_of)", term)

    def verdict(due: str) -> str:
        return f"""case when {late} then 'not_applicable'
          when t is null then case when anyhow is not null then 'undetermined' else 'not_applicable' end
          when r <= {due} then 'compliant' when r > {due} then 'violated'
          when anyhow is not null then 'undetermined'
          when as_of <= {due} then 'pending' else 'violated' end"""

    return f"""
    with base as (select record, organ, starts_with(jurisdiction, '{place}') as inside, {condition} as applies, as_of
      from records, day where type = '{type_}' and coalesce(starts_with(jurisdiction, '{place}'), true)
        and coalesce({condition}, true)),
    triggers as (select record, min(date) as t from events where event = '{trigger}' group by record),
    acts as (select e.record, min(date) filter (where date >= t) as r, min(date) as anyhow
      from events e left join triggers using (record) where event = '{act}' group by e.record),
    dated as (select base.*, t, r, anyhow, t + {days} as due, roll.rolled
      from base left join triggers using (record) left join acts using (record)
      left join roll on roll.day = t + {days}),
    read as (select *, {verdict("due")} as v1, {verdict("rolled")} as v2 from dated),
    said as (select *, {_two_readings("v1", "v2")} as verdict from read)
    select '{rule}' as rule, record, '' as instance,
      case when verdict = 'not_applicable' or (inside and applies) then verdict else 'undetermined' end as verdict,
      due from said"""


def _comments() -> str:
    late = _force("coalesce(t, as_of)", CHANGZHI)

    def verdict(due: str) -> str:
        return f"""case when {late} then 'not_applicable'
          when t is null then case when anyhow is not null then 'undetermined' else 'not_applicable' end
          when r >= {due} then 'compliant'
          when r < {due} then case when shortening_reason is null then 'violated' else 'excused' end
          when anyhow is not null then 'undetermined'
          when as_of >= {due} then 'compliant' else 'pending' end"""

    return f"""
    with base as (select record, organ, starts_with(jurisdiction, '1404') as inside, not secret_by_law as applies,
        as_of,
        shortening_reason from records, day where type = 'legislative_draft'
        and coalesce(starts_with(jurisdiction, '1404'), true) and not coalesce(secret_by_law, false)),
    opened as (select record, min(date) as t from events where event = 'comments_opened' group by record),
    ends as (select e.record, coalesce(min(date) filter (where event = 'comments_closed' and date >= t),
        min(date) filter (where event = 'collectively_discussed' and date >= t)) as r, min(date) as anyhow
      from events e left join opened using (record) where event in ('comments_closed', 'collectively_discussed')
        and e.record[1:2] = 'ld' group by e.record),
    read as (select base.*, t, r, {verdict("t + 30")} as v1, {verdict("t + 29")} as v2
      from base left join opened using (record) left join ends using (record)),
    said as (select *, {_two_readings("v1", "v2")} as verdict from read)
    select 'changzhi-2017/draft-comment-period-30d' as rule, record, '' as instance,
      case when verdict = 'not_applicable' or (inside and applies) then verdict else 'undetermined' end as verdict,
      t + 30 as due from said"""


REVIEW = f"""
    with base as (select record, organ, starts_with(jurisdiction, '1404') as applies, as_of from records, day
      where type = 'major_decision' and coalesce(starts_with(jurisdiction, '1404'), true)),
    gates as (select record, coalesce(min(date) filter (where event = 'submitted_for_discussion'),
        min(date) filter (where event = 'collectively_discussed')) as gate
      from events where event in ('submitted_for_discussion', 'collectively_discussed') and record[1:2] = 'md'
      group by record),
    reviews as (select e.record, date, bool_and(coalesce(result = 'lawful', false)) as surely,
        bool_or(coalesce(result = 'lawful', true)) as perhaps
      from events e join gates using (record) where event = 'legality_reviewed' and date <= gate
      group by e.record, date),
    latest as (select record, arg_max(surely, date) as surely, arg_max(perhaps, date) as perhaps
      from reviews group by record),
    said as (select base.*, case when {_force("coalesce(gate, as_of)", CHANGZHI)} then 'not_applicable'
        when gate is null then 'pending'
        when surely is null then 'violated'
        when surely then 'compliant' when not perhaps then 'violated' else 'undetermined' end as verdict
      from base left join gates using (record) left join latest using (record))
    select 'changzhi-2017/no-discussion-without-legality-review' as rule, record, '' as instance, {DOUBT} as verdict,
      null::date as due from said"""

HANDLERS = f"""
    with base as (select record, organ, starts_with(jurisdiction, '4508') as applies, as_of from records, day
      where type = 'reconsideration_case' and coalesce(starts_with(jurisdiction, '4508'), true)),
    gates as (select record, min(date) as gate from events where event in ('decided', 'mediated', 'closed')
      group by record),
    people as (select record, count(distinct person) filter (where role = 'handler') as number from participants
      group by record),
    said as (select base.*, case when {_force("coalesce(gate, as_of)", GUIGANG)} then 'not_applicable'
        when gate is null then 'pending' when number is null then 'undetermined'
        when number < 2 then 'violated' else 'compliant' end as verdict
      from base left join gates using (record) left join people using (record))
    select 'guigang-2011/recon-two-handlers' as rule, record, '' as instance, {DOUBT} as verdict,
      null::date as due from said"""

# the counts come of two sums: with the hours whose subject is not known, and without them
HOURS = f"""
    with base as (select record, organ, starts_with(jurisdiction, '1405') as applies, as_of,
        greatest({JINCHENG[0]}, coalesce(service_from, {JINCHENG[0]})) as first,
        least({JINCHENG[1]}, coalesce(service_to, {JINCHENG[1]})) as last
      from records, day where type = 'staff_member' and coalesce(starts_with(jurisdiction, '1405'), true)),
    terms as (select *, unnest(range(year(first), year(least(last, as_of)) + 1)) as served from base),
    sums as (select record, year(date) as served, sum(hours) filter (where sure) as least_sum, sum(hours) as most_sum,
        bool_or(hours is null) filter (where sure) as least_gap, bool_or(hours is null) as most_gap
      from (select *, event <> 'trained' or coalesce(topic in ('law', 'rule_of_law'), false) as sure from events
        where event in ('law_study_day', 'executive_meeting_law_study')
          or (event = 'trained' and coalesce(topic in ('law', 'rule_of_law'), true)))
      where record[1:2] = 'sm' group by record, year(date)),
    joined as (select terms.*, coalesce(least_sum, 0) as a, coalesce(most_sum, 0) as b,
        coalesce(least_gap, false) as ga,
        coalesce(most_gap, false) as gb, make_date(served::int, 1, 1) as opening,
        make_date(served::int, 12, 31) as ending
      from terms left join sums using (record, served)),
    read as (select *, {{world_a}} as v1, {{world_b}} as v2 from joined),
    said as (select *, case when v1 = v2 then v1 else 'undetermined' end as verdict from read)
    select 'jincheng-2009/study-hours-40' as rule, record, served::text as instance, {DOUBT} as verdict,
      null::date as due from said
    union all
    select 'jincheng-2009/study-hours-40', record, '', 'not_applicable', null from base
      where year(first) > year(least(last, as_of)) or first > least(last, as_of)"""
WORLD = """case when first > opening or last < ending then 'not_applicable' when {0} >= 40 then 'compliant'
      when {1} then 'undetermined' when as_of <= ending then 'pending' else 'violated' end"""

CLEANUP = f"""
    with base as (select record, organ, starts_with(jurisdiction, '1405') as inside, as_of,
        coalesce(organ_kind in ('government', 'department', 'enforcement_organ'), null)
          and coalesce(level in ('city', 'county'), null) as applies
      from records, day where type = 'organ' and coalesce(starts_with(jurisdiction, '1405'), true)),
    mine as (select * from base where coalesce(applies, true) and as_of >= {JINCHENG[0]}),
    acts as (select record, date as start,
        bool_or(coalesce(kind = 'normative_documents' and scope = 'full', false)) as sure
      from events where event = 'cleanup_done' and date >= {JINCHENG[0]}
        and coalesce(kind = 'normative_documents', true) and coalesce(scope = 'full', true) group by record, date),
    starts as (select record, {JINCHENG[0]} - 1 as start, true as sure from mine
      union all select acts.* from acts semi join mine using (record)),
    gaps as (select *, min(case when sure then start end) over ahead as next_sure, min(start) over ahead as next_may
      from starts window ahead as (partition by record order by start
        rows between 1 following and unbounded following)),
    dated as (select gaps.*, inside, applies, as_of, (start + interval 2 year)::date as rolling,
        make_date((2009 + 2 * ((year(start) - 2007) // 2 + 1))::int - 1, 12, 31) as block
      from gaps join mine using (record) where start <= {JINCHENG[1]}),
    read as (select *, {{rolling_sure}} as r1, {{rolling_may}} as r2,
        {{block_sure}} as b1, {{block_may}} as b2 from dated),
    worlds as (select *, case when r1 = r2 and (sure or r1 = 'not_applicable') then r1 else 'undetermined' end as v1,
        case when b1 = b2 and (sure or b1 = 'not_applicable') then b1 else 'undetermined' end as v2 from read),
    said as (select *, {_two_readings("v1", "v2")} as verdict from worlds)
    select 'jincheng-2009/nd-cleanup-2y' as rule, record, start::text as instance,
      case when verdict = 'not_applicable' or (inside and applies) then verdict else 'undetermined' end as verdict,
      rolling as due from said"""
GAP = """case when {0} <= {1} then 'compliant'
      when {1} > date '2013-12-31' then case when as_of <= date '2013-12-31' then 'pending' else 'not_applicable' end
      when {0} > {1} then 'violated' when as_of <= {1} then 'pending' else 'violated' end"""


def queries() -> list[str]:
    """A query for each rule: rule, record, instance, verdict, due; records that it does not concern are left out."""
    cleanup = CLEANUP.format(
        rolling_sure=GAP.format("next_sure", "rolling"),
        rolling_may=GAP.format("next_may", "rolling"),
        block_sure=GAP.format("next_sure", "block"),
        block_may=GAP.format("next_may", "block"),
    )
    applicants = "applicant_kind in ('citizen', 'legal_person', 'other_organisation')"
    return [
        _within(
            "guigang-2011/nd-filing-15-days",
            "normative_document",
            "4508",
            GUIGANG,
            ("published", "filed"),
            15,
            "issuer_level in ('city', 'county', 'department')",
        ),
        _within(
            "changzhi-2017/objection-reply-30d",
            "review_request",
            "1404",
            CHANGZHI,
            ("received", "answered"),
            30,
            applicants,
        ),
        _comments(),
        REVIEW,
        HANDLERS,
        HOURS.format(world_a=WORLD.format("a", "ga"), world_b=WORLD.format("b", "gb")),
        cleanup,
    ]


def run(tables: dict[str, Path], as_of: str, rest_days: Any, violated: Path | None = None) -> dict[str, dict[str, int]]:
    """The number of assessments by rule and verdict; the violated ones go to a Parquet file where one is asked for.

    Args:
        rest_days: an Arrow table (day, rolled): for every day the next working day, itself included.
    """
    import duckdb

    connection = duckdb.connect()
    connection.register("roll_table", rest_days)
    connection.execute("create temp table roll as select day, rolled from roll_table")
    connection.execute(f"create temp table day as select date '{as_of}' as as_of")
    connection.execute(f"create temp view records as from '{tables['records']}'")
    connection.execute(f"create temp view participants as from '{tables['participants']}'")
    connection.execute(f"""create temp table events as select * from '{tables["events"]}'
        where event in ({ASKED}) and date <= date '{as_of}'""")
    found: dict[str, dict[str, int]] = {}
    kept = []
    for number, query in enumerate(queries()):
        if violated:
            connection.execute(f"create temp table judged_{number} as {query}")
            kept.append(f"select * from judged_{number} where verdict = 'violated'")
        source = f"judged_{number}" if violated else f"({query})"
        rows = connection.execute(f"select rule, verdict, count(*) from {source} group by all order by all").fetchall()
        for rule, verdict, count in rows:
            found.setdefault(rule, {})[verdict] = count
    if violated:
        connection.execute(f"copy ({' union all '.join(kept)}) to '{violated}' (format parquet)")
    connection.close()
    return found
