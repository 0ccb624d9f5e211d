"""Decisions in plain words. What is undetermined is called so, and is acted upon as not adopted (V4)."""

from tocsin.decide.records import Decision


def wording(decision: Decision) -> str:
    """One or two sentences for an officer: the outcome, what it means, and the first reason."""
    finding = f"the finding {decision.finding!r}" if decision.finding else "the proposal"
    if decision.decides != "finding":
        finding = f"the measure {decision.decides!r}"
    meaning = {
        "ADOPTED": f"Adopted: {finding} is signed by every required party."
        if decision.binding
        else f"Adopted as advice: {finding} is signed by every required party and binds nobody.",
        "CLOSED": f"Closed: {finding} was not adopted and cannot be any more.",
        "PENDING": f"Undetermined; act as not adopted: {finding}.",
        "DISPUTED": f"Disputed; act as not adopted: {finding}. The record holds signed words that cannot all be true.",
    }[decision.status]
    return f"{meaning} {_sentence(decision.reasons[0])}" if decision.reasons else meaning


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
