"""What decides on a qualification: a decision on its recognition, or a lasting licence (E02 to E04)."""

from domain.chain.reading import Seen, View


def recognition_decisions(view: View) -> list[Seen]:
    """Return the decisions on recognition, in order; a lasting licence is one."""
    return [
        one
        for one in view.of("RecognitionDecided", "ProfessionalLicenceGranted")
        if one.type == "RecognitionDecided" or is_lasting(one)
    ]


def lasting_licences(view: View) -> list[Seen]:
    """Return the licences for a profession that are no temporary permissions to practise, in order."""
    return [one for one in view.of("ProfessionalLicenceGranted") if is_lasting(one)]


def is_lasting(licence: Seen) -> bool:
    """Say whether a licence is an Approbation: by its kind, if missing by having no end."""
    kind = licence.get("kind")
    if kind is None:
        return licence.day("valid_until") is None
    return "approbation" in kind.lower()
