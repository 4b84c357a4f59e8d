"""What is said to a person about each reason an entry cannot be taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "name_missing": _("The name is missing. Please fill it in as on the identity card."),
    "name_form": _("This does not look like a name. Please write it as on the identity card."),
    "id_empty": _("The identity number is missing. Membership is under one’s real name, so please add it."),
    "id_form": _("The identity number contains characters that cannot be in one. Please type it again."),
    "id_length": _("An identity number has 18 characters (older ones 15). Please count them again."),
    "id_date": _("The birthday inside the identity number does not exist. Please compare it with the card."),
    "id_check_digit": _(
        "The last character of the identity number does not match the others, so one digit is wrong. Please compare it with the card."
    ),
    "id_cut_off": _(
        "The cell holds the identity number as a number, and Excel has cut off its last digits. Please format the column as text and type it again."
    ),
    "phone_form": _("This is not a mobile number of 11 digits, or one with +852, +853 or +886. Please correct it, or leave it empty if it is unknown."),
    "birth_unreadable": _("The date of birth cannot be read. Please write it like 1990-05-17."),
    "birth_differs": _("The date of birth differs from the one in the identity number. Please see which is right."),
    "joined_unreadable": _("The date of joining cannot be read or lies in the future. Please write it like 2015-03-01."),
    "union_missing": _("The union of this person is missing. Please fill in its name or code."),
    "union_unknown": _("There is no union of this name or code below yours. Please compare it with the list of unions."),
    "union_twice": _("Several unions below yours bear this name. Please use the code of the union instead."),
    "id_twice": _("This identity number stands in the workbook twice, under different names. Please see which is right."),
    "name_differs": _("This identity number is on the roll already, under another name. Please compare both with the card."),
    "number_corrected": _("This number was wrong and has been put right on the roll since. Please write the number that stands on the card."),
    "member_elsewhere": _("This person is a member in force of another union. Please ask for a transfer instead of a second entry."),
    "member_left": _("This person has left the union. Coming back is her own wish: please let her apply to join again. Her last union can also put her back in force, on her page, once she has said so."),
    "member_ended": _("The membership under this number has ended, and a roll does not bring it back. Her page says why, and what can be done if that is wrong."),
    "number_merged": _("The entry of this number was found to be the same person as another one and joined with it. Please write the number that stands on her page."),
    "phone_left_out": _("Taken, but without a phone: this is no mobile number. Please write a mobile of 11 digits, or one of Hong Kong, Macau or Taiwan with +852, +853 or +886."),
    "member_retained": _("The membership of this person is retained. Please put it back in force on her page first."),
    "file_header": _(
        "No sheet of this file has a header with a name and an identity number "
        "(for example 姓名 and 身份证号) in its first 30 rows."
    ),
    "file_large": _("This file is too large. Please send it in parts."),
    "file_kind": _("Please send a workbook (xlsx, xls, ods) or a CSV file."),
    "file_locked": _("This workbook is locked with a password. Please save a copy without one."),
    "file_broken": _("This file cannot be read as a workbook. Please open it and save it again as xlsx."),
    "file_quotes": _("This CSV file is damaged near its end or a quote is open."),
    "file_letters": _("The characters of this file cannot be read. Please save it as UTF-8."),
    "file_empty": _("This file is empty. Please choose it once more."),
    "file_too_much": _(
        "Reading this file takes more memory than a roll can need. Please copy the people into a fresh workbook and send that."
    ),
    "file_gone": _("This file was sent too long ago and is no longer kept. Please send it once more."),
    "union_column": _("The file has no column for the union, and there are unions below this one. Please add the column."),
}  # fmt: skip


# The row was taken; something of it was not.
WARNINGS = frozenset({"phone_left_out"})


def sentence(reason: str) -> str:
    """Return the sentence for a reason in the reader's language."""
    return str(SENTENCES[reason])
