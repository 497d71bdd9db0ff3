"""The glossary: each term a sentence, the same in the docs, on the design page and in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplab.glossary import GLOSSARY, glossary_page
from mlplab.playground.spec_table import spec_table

DOCS = Path(__file__).parents[1] / "docs"

WANTED = (
    "accuracy, activation, batch, bias, class, dead neuron, diverged, dropout, epoch, glorot, gradient, "
    "hidden layer, initializer, interval, learning rate, loss, momentum, nesterov, neuron, one-hot, "
    "optimizer, overfitting, percentile, regularizer, sample, saturated, seed, sigma, softmax, stddev, "
    "stuck, test, training, update, validation, weight"
)


def design_terms() -> dict[str, str]:
    """Return the glossary of the design page, each name of a term with its text."""
    text = (DOCS / "design.md").read_text(encoding="utf-8").partition("## Glossary")[2]
    rows = [row.strip("| ").split(" | ") for row in text.splitlines() if row.startswith("| ")][2:]
    return {name: text for names, text in rows for name in names.split(", ")}


def test_terms_that_students_ask_for_are_there():
    assert set(WANTED.split(", ")) <= GLOSSARY.keys()


@pytest.mark.parametrize("term", GLOSSARY)
def test_a_term_has_one_sentence(term: str):
    says = GLOSSARY[term]
    assert says[0].isupper() or says.startswith(("σ, ", "z = "))
    assert says.endswith(".")
    assert ". " not in says
    assert "|" not in says
    assert len(says) < 260


def test_terms_are_in_alphabetical_order():
    assert list(GLOSSARY) == sorted(GLOSSARY, key=str.casefold)


def test_the_design_page_says_the_same_of_the_terms_that_it_has():
    design = design_terms()
    both = GLOSSARY.keys() & design.keys()
    assert len(both) > 20
    for term in both:
        says = GLOSSARY[term]
        assert f"{says[0].lower()}{says[1:]}" == f"{design[term][0].lower()}{design[term][1:]}."


def test_docs_and_page_have_this_glossary():
    assert (DOCS / "glossary.md").read_text(encoding="utf-8") == glossary_page()
    assert spec_table()["glossary"] == dict(GLOSSARY)
