"""Random vocabularies, rules and records on which the executors must agree; `python -m tests.agreement --minutes N`.

vocabularies, chance, rules, constraints, readings, records: what is drawn; trial: all of it together, as plain values;
compare: what the executors say; coverage: what has been compared, and what is rare; counterexamples: a disagreement
made small and kept under found/; run: the long run.
"""

from tests.agreement.compare import compared, disagreements
from tests.agreement.constraints import GENERATORS
from tests.agreement.rules import PLAIN_RULE
from tests.agreement.trial import Draw, Trial, draw, draw_trial
from tests.agreement.vocabularies import document_of, jurisdictions, vocabulary

KINDS = tuple(GENERATORS)

__all__ = [
    "KINDS",
    "PLAIN_RULE",
    "Draw",
    "Trial",
    "compared",
    "disagreements",
    "document_of",
    "draw",
    "draw_trial",
    "jurisdictions",
    "vocabulary",
]
