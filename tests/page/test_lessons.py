"""The lessons as a student goes through them, and one that a teacher makes, sends and sees opened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.page.test_accessibility import AXE, findings
from tests.page.visit import Visit, expect

from mlplab.playground.lesson import Lesson, lesson_names, read_lesson

pytestmark = pytest.mark.slow


class Student(Visit):
    """A visit to the page by one who goes through a lesson."""

    lesson: Lesson

    def open(self, name: str) -> None:
        """Open a lesson from the page's menu."""
        self.lesson = read_lesson(name).lesson
        self.press("Lessons")
        self.page.locator(".lessons-list").get_by_text(self.lesson.title).click()
        self.wait_for(".lesson h2", self.lesson.title.split("  ")[-1])
        self.wait_for_tile("update", "0")

    def question(self, number: int) -> Any:
        """Return a question that is shown, the first being 1."""
        shown = self.page.locator(".question").nth(number - 1)
        shown.wait_for()
        return shown

    def answer(self, number: int, given: str | int) -> Any:
        """Answer a question: by the index of a choice, or by what is typed."""
        place = self.question(number)
        if isinstance(given, int):
            place.get_by_role("radio").nth(given).check()
        else:
            place.get_by_role("textbox").fill(given)
        name = "Predict" if self.lesson.questions[number - 1].prediction else "Answer"
        place.get_by_role("button", name=name, exact=True).click()
        return place

    def say(self, number: int, text: str) -> None:
        """See what the page says of an answer."""
        expect(self.question(number).locator(".judged")).to_contain_text(text)

    def answer_rightly(self, number: int, given: str | int) -> None:
        """Answer a question, and see that it is right and explained."""
        self.answer(number, given)
        self.say(number, "Right: ")
        assert self.explained(number)

    def predict(self, given: int) -> None:
        """Answer the first question, before anything is tried."""
        expect(self.page.locator(".question")).to_have_count(1)
        self.answer(1, given)
        self.say(1, "You predicted: ")
        expect(self.question(1).locator(".explained")).to_have_count(0)

    def explained(self, number: int) -> str:
        """Return the answer to a question as it is shown."""
        return str(self.question(number).locator(".explained").inner_text())

    def compare(self, number: int) -> str:
        """Show the answer to a question, and return it."""
        self.question(number).get_by_role("button", name="Show the answer").click()
        return self.explained(number)

    def end(self) -> None:
        """See that the lesson is through, that it asked for what it says, and nothing more."""
        self.wait_for(".lesson", "All questions are answered.")
        expect(self.page.locator(".question")).to_have_count(len(self.lesson.questions))

    def set(self, label: str, text: str) -> None:
        """Type into a field."""
        field = self.page.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Enter")

    def reach(self) -> str:
        """Train to the end from the first update, and return the test accuracy as it is shown."""
        self.press("Reset")
        self.wait_for_tile("update", "0")
        self.play_to_the_end()
        return self.tiles()["acc. test"]


@pytest.fixture
def student(visit: Callable[..., Visit]) -> Student:
    """The page, on a laptop."""
    found = visit(Student)
    assert isinstance(found, Student)
    return found


# ---- Those that come with the page ---------------------------------------------------------------


def test_batch_size(student: Student) -> None:
    v = student
    v.open("1-batch-size")
    v.predict(0)
    assert v.reach() == "61.82 %"
    assert v.tiles()["update"] == "8"
    assert "From seed 0 it is 61.82 %" in v.compare(1)
    v.answer(2, "4")
    v.say(2, "Not right: 4. Try again")
    expect(v.question(2).locator(".judged")).to_be_in_viewport(ratio=1)  # scrolled to, if need be
    v.question(2).get_by_role("button", name="Show the answer", exact=True).click()
    expect(v.question(2).locator(".judged")).to_have_text("Not right: 4.")  # no button that is gone
    v.answer_rightly(2, "8")
    v.set("epochs", "128")
    assert v.reach() == "100.00 %"
    assert v.tiles()["update"] == "256"
    v.answer_rightly(3, 1)
    v.end()


def test_activation(student: Student) -> None:
    v = student
    v.open("2-activation")
    v.predict(2)
    reached = {}
    for name in ("linear", "sigmoid", "relu"):
        v.choose("activation", name)
        reached[name] = v.reach()
    assert reached == {"linear": "50.00 %", "sigmoid": "50.00 %", "relu": "99.32 %"}
    v.answer_rightly(2, "99,32 %")
    v.answer_rightly(3, 1)
    v.choose("activation", "sigmoid")
    v.set("epochs", "200")
    assert v.reach() == "99.12 %"
    v.answer_rightly(4, 1)
    v.end()


def test_one_run(student: Student) -> None:
    v = student
    v.open("3-one-run")
    assert v.page.get_by_role("tab", name="Runs").get_attribute("aria-selected") == "true"
    expect(v.page.get_by_label("hidden layers", exact=True)).to_have_count(0)
    v.predict(0)
    v.press("Tried")
    assert v.reach() == "75.39 %"
    v.wait_for(".tried tbody tr:first-child", "75.39 %")
    v.answer_rightly(2, "75.39")
    v.press("New seed")
    v.press("+1 epoch")
    v.wait_for(".tried tbody tr:first-child", "the seed alone")
    v.answer_rightly(3, 1)
    v.answer(4, "The lowest, the median and the highest.")
    v.say(4, "Kept. Compare it with the answer.")
    assert "how many fail" in v.compare(4)
    v.end()


def test_initializer(student: Student) -> None:
    v = student
    v.open("4-initializer")
    v.predict(2)
    v.choose("initializer", "glorot_normal")
    assert v.reach() == "95.94 %"
    v.answer_rightly(2, "95.94")
    v.answer_rightly(3, 1)
    assert "2 below 80 %" in v.explained(3)
    v.end()


def test_a_line_by_hand(student: Student) -> None:
    v = student
    v.open("5-line-by-hand")
    assert v.page.get_by_role("tab", name="Task 3").get_attribute("aria-selected") == "true"
    expect(v.page.locator(".curves")).to_have_count(0)
    v.predict(1)
    v.press("equation 11 of the lab report")
    v.wait_for(".tile-test", "98.93 %")
    v.answer_rightly(2, "98.93")
    v.press("equation 12 of the lab report")
    v.wait_for(".tile-test", "98.93 %")
    v.answer_rightly(3, 1)
    v.answer_rightly(4, "0.5")
    v.answer(5, 1)
    v.say(5, "You predicted")
    v.end()


def test_overfitting(student: Student) -> None:
    v = student
    v.open("6-overfitting")
    v.predict(0)
    assert v.reach() == "82.13 %"
    assert v.tiles()["acc. training"] == "100.00 %"
    v.answer_rightly(2, "8")
    v.set("train per class", "320")
    v.set("epochs", "20")
    assert v.reach() == "90.14 %"
    v.answer_rightly(3, 1)
    v.end()


# ---- What is hidden and locked -------------------------------------------------------------------


def reached_by_tab(v: Visit) -> Iterator[str]:
    """Return the names of what the Tab key reaches, once round."""
    v.page.evaluate("document.activeElement.blur()")
    for _ in range(200):
        v.page.keyboard.press("Tab")
        found = v.page.evaluate(
            "(() => { const at = document.activeElement; return at === document.body ? '' : "
            "(at.id || at.getAttribute('aria-label') || at.textContent || at.tagName).slice(0, 40); })()"
        )
        if not found:
            return
        yield str(found)


def test_hidden_controls_are_absent_and_locked_fields_say_so(student: Student) -> None:
    v = student
    v.open("1-batch-size")
    # Whoever opened it by keys goes on there.
    expect(v.page.locator(".lesson-text")).to_be_focused()
    names = list(reached_by_tab(v))
    assert "training.batch_size" in names
    assert "preset" not in names
    assert not [name for name in names if name.startswith(("dataset", "network"))]
    expect(v.page.get_by_role("button", name="Draw own")).to_have_count(0)
    expect(v.page.get_by_role("tab", name="Task 3")).to_have_count(0)
    v.page.get_by_label("show what the lesson locks, too").check()
    sigma = v.page.get_by_label("sigma", exact=True)
    expect(sigma).to_be_disabled()
    field = v.page.locator(".field").filter(has=sigma)
    expect(field).to_contain_text("locked by the lesson")
    assert not [name for name in reached_by_tab(v) if name.startswith(("dataset", "network"))]
    v.press("Leave the lesson")
    expect(sigma).to_be_enabled()
    expect(v.page.get_by_label("preset", exact=True)).to_be_visible()
    expect(v.page.locator(".lesson")).to_have_count(0)
    v.press("Lessons")
    v.press("Back to “1.1  Why does a batch of 512 do worse?”")
    v.wait_for(".lesson h2", "Why does a batch of 512 do worse?")
    expect(sigma).to_have_count(0)


def test_a_reload_keeps_the_lesson_and_what_was_answered(student: Student) -> None:
    v = student
    v.open("1-batch-size")
    v.predict(1)
    v.page.reload()
    v.say(1, "You predicted: Clearly lower.")
    expect(v.page.locator(".question")).to_have_count(2)


# ---- One that a teacher makes --------------------------------------------------------------------


def test_a_teacher_makes_a_lesson_and_a_student_opens_it(student: Student) -> None:
    v, page = student, student.page
    v.press("Lessons")
    v.press("Make a lesson of this set-up")
    expect(page.get_by_role("button", name="Copy the lesson's link")).to_be_disabled()
    page.get_by_label("title", exact=True).fill("Relu <b>folds</b>")
    page.get_by_label("note", exact=True).fill("Look at **it**.\n\n- <script>alert(1)</script>")
    v.press("Add a question")
    v.wait_for(".lesson p.error", "Question 1 needs a text.")
    page.get_by_label("question", exact=True).fill("How many hidden neurons?")
    page.get_by_label("answered by").select_option("number")
    page.get_by_label("a prediction, not judged").uncheck()
    page.get_by_label("answer", exact=True).fill("5")
    page.get_by_label("answer, explained").fill("There are five.")
    page.get_by_label("tab Weights").check()
    page.get_by_role("checkbox", name="scores", exact=True).check()
    page.get_by_label("lock the set-up, but for what is checked below").check()
    page.get_by_role("checkbox", name="layer width", exact=True).check()
    v.press("See it as a student")
    expect(page.locator(".tiles")).to_have_count(0)
    v.press("Back to editing")
    expect(page.locator(".tiles")).to_have_count(1)
    page.get_by_role("button", name="Copy the lesson's link").click()
    v.wait_for(".lesson .files-link ~ p", "characters.")
    link = page.get_by_label("link", exact=True).input_value()
    with page.expect_download() as download:
        v.press("Save the lesson's file")
    file = json.loads(Path(download.value.path()).read_text())
    assert (file["version"], file["updates"], file["lesson"]["hidden"]) == (
        3,
        0,
        ["tab.weights", "scores"],
    )

    page.goto("about:blank")
    page.goto(link)
    v.wait_for(".lesson h2", "Relu <b>folds</b>")
    assert page.locator(".lesson li").inner_text() == "<script>alert(1)</script>"
    expect(page.locator(".tiles")).to_have_count(0)
    expect(page.get_by_role("tab", name="Weights")).to_have_count(0)
    # Leaving the session's answers apart, it asks what was written.
    v.lesson = Lesson(title="x", questions=[{"text": "How many hidden neurons?", "answer": 5}])
    v.answer(1, "six")
    v.wait_for(".question .error", "Expected a number, such as 98.83.")
    v.answer_rightly(1, "5")
    assert "There are five." in v.explained(1)
    v.end()


def test_a_damaged_lesson_is_refused_with_a_sentence_and_changes_nothing(student: Student) -> None:
    v = student
    session = json.loads(v.file("Session"))
    lesson = {"title": "x", "questions": [{"text": "?", "choices": ["a"], "answer": 0}]}
    v.open_file("session.json", json.dumps({**session, "version": 3, "lesson": lesson}).encode())
    v.wait_for(".complaint", "Question 1 of its lesson has 1 choices, and it takes 2 at least.")
    expect(v.page.locator(".lesson")).to_have_count(0)


# ---- For everybody -------------------------------------------------------------------------------


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core: npm install, in page/")
@pytest.mark.parametrize(
    ("size", "theme"), [((1366, 768), "light"), ((390, 844), "dark")], ids=["laptop", "phone"]
)
def test_no_lesson_has_a_serious_finding(
    visit: Callable[..., Visit], size: tuple[int, int], theme: str
) -> None:
    v = visit(Student, viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    assert isinstance(v, Student)
    v.page.evaluate(AXE.read_text(encoding="utf-8"))
    v.press("Lessons")
    found = {"menu": findings(v)}
    v.press("close")
    v.open("1-batch-size")
    v.predict(0)
    v.compare(1)
    v.answer(2, "x")
    v.page.get_by_label("show what the lesson locks, too").check()
    found["lesson"] = findings(v)
    v.press("+1 epoch")
    v.page.get_by_role("tab", name="Runs", exact=True).click()
    v.press("Tried")
    found["tried"] = findings(v)
    v.press("Lessons")
    v.press("Edit this lesson")
    found["editor"] = findings(v)
    tabs = v.page.get_by_role("tab")
    assert tabs.count() == 8
    assert len(set(tabs.evaluate_all("(all) => all.map(({ offsetTop }) => offsetTop)"))) == 1
    assert v.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not any(found.values()), found


def test_all_lessons_are_gone_through_here() -> None:
    names = {name.split("-", 1)[1].replace("-", "_") for name in lesson_names()}
    here = {"batch_size", "activation", "one_run", "initializer", "line_by_hand", "overfitting"}
    assert names == here
