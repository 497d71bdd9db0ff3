"""The checker of a student's `mlp.py`: `mlplab check`.

submissions, archive    whose files are to be checked
process, inside/        the student's code, in processes of its own
checks/                 what is asked, and how answers are judged
mistakes/               what typical mistakes would answer
diagnosis               which of them explains the most
points                  what each test is worth
style                   advice from reading the file
marking                 all of it together: reports
formats/                reports for the terminal, Gradescope, spreadsheets and programs
"""

from __future__ import annotations

from mlplab.course.checker.marking import Mark, Report, check_submissions
from mlplab.course.checker.points import Marking, read_samples
from mlplab.course.checker.submissions import Submission, find_submissions

__all__ = [
    "Mark",
    "Marking",
    "Report",
    "Submission",
    "check_submissions",
    "find_submissions",
    "read_samples",
]
