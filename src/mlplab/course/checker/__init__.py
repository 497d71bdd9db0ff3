"""The checker of a student's `mlp.py`: `mlplab check`.

classes, submissions    whose files are to be checked
    choice              which file is the mlp.py
    platforms           what learning platforms call them
    tree, archive       folders and zip files, read when asked for
    file_names          names in other encodings, and with numbers added
    notebooks           a notebook in place of the file
    kit_files           files of the course among a student's
    roster              the list of the class
runner, inside/         the student's code, in processes of its own
    client, pipes       the server that runs it, and what a test writes
    answer              what came back
    system              whether this system can do it
checks/                 what is asked, and how answers are judged
mistakes/               one table of typical mistakes, each as a change to the solved lab
diagnosis               which of them, made together, give all answers
points                  what each test is worth
    lab, lab_file       which lab it is: ours, or one in a teacher's Python file
    lab_questions       what a teacher's mistakes of our lab are tried with
style                   advice from reading the file
    parsing             Python files as trees
similar                 which files of a class are the same apart from names and layout
    fingerprints        what of a file is compared
borrowing               what a file has of libraries and of mlplab
marking, report         all of it together: reports
journal, report_file    reports kept as they come
formats/                reports for the terminal, Gradescope, spreadsheets and programs
"""

from __future__ import annotations

from mlplab.course.checker.checks.lab_test import LabTest
from mlplab.course.checker.classes import find_submissions
from mlplab.course.checker.marking import check_submissions
from mlplab.course.checker.mistakes import row
from mlplab.course.checker.points import Marking, read_points
from mlplab.course.checker.report import Mark, Report
from mlplab.course.checker.submissions import Submission

__all__ = [
    "LabTest",
    "Mark",
    "Marking",
    "Report",
    "Submission",
    "check_submissions",
    "find_submissions",
    "read_points",
    "row",
]
