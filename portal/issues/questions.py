"""What is asked more about a category: data, so that a neighbourhood can ask its own; nothing is required."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "questions.json"
LONGEST = 200
"""Most characters of an answer."""


@dataclass(frozen=True)
class Question:
    key: str
    words: Mapping[str, str]
    """Language -> the question."""
    hints: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]
    """Value -> language -> what it says; empty where the answer is in one's own words."""
    categories: frozenset[str]

    def label(self, language: str) -> str:
        return self.words.get(language, self.words["en"])

    def hint(self, language: str) -> str:
        return self.hints.get(language, self.hints["en"])

    def choices(self, language: str) -> list[tuple[str, str]]:
        return [(value, said.get(language, said["en"])) for value, said in self.options.items()]

    def right(self, answer: Any) -> str:
        """The answer as it is kept; empty when it is none."""
        said = " ".join(str(answer or "").split())[:LONGEST]
        return said if not self.options or said in self.options else ""

    def said(self, answer: str, language: str) -> str:
        """The answer in words."""
        return dict(self.choices(language)).get(answer, answer)


@cache
def questions() -> list[Question]:
    return [
        Question(
            key=row["key"],
            words={"nl": row["nl"], "en": row["en"]},
            hints={"nl": row.get("hint_nl", ""), "en": row.get("hint_en", "")},
            options={value: {"nl": nl, "en": en} for value, nl, en in row.get("options", [])},
            categories=frozenset(row["for"]),
        )
        for row in json.loads(FILE.read_text())
    ]


def asked_about(category: str | None) -> list[Question]:
    """The questions about this category."""
    return [question for question in questions() if category in question.categories]


def answered(category: str | None, answers: Mapping[str, Any]) -> dict[str, str]:
    """Those of these answers that belong to a question about this category."""
    pairs = {question.key: question.right(answers.get(question.key)) for question in asked_about(category)}
    return {key: answer for key, answer in pairs.items() if answer}


def answered_in(values: Mapping[str, Any]) -> dict[str, str]:
    """The same from a draft, where each answer is kept under `category:question`."""
    category, said = values.get("category"), values.get("answers", {})
    return answered(category, {q.key: said.get(f"{category}:{q.key}") for q in asked_about(category)})


def in_words(category: str | None, answers: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Question and answer, as people read them."""
    known = answered(category, answers)
    return [
        (question.label(language), question.said(known[question.key], language))
        for question in asked_about(category)
        if question.key in known
    ]
