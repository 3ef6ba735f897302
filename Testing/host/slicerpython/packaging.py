"""``slicer.packaging`` as far as it looks at packages; it installs nothing."""

from pathlib import Path

from packaging.requirements import Requirement


def load_requirements(path):
    lines = (line.strip() for line in Path(path).read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def pip_check(requirements):
    import importlib.metadata

    for requirement in requirements if isinstance(requirements, list | tuple) else [requirements]:
        requirement = requirement if isinstance(requirement, Requirement) else Requirement(requirement)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            return False
        if not requirement.specifier.contains(version, prereleases=True):
            return False
    return True


def isPipInstallInProgress():
    return False


def pip_install(*arguments, **options):
    raise RuntimeError(
        "the stand-in for Slicer's window installs no packages; a test that needs it replaces pip_install"
    )


def pip_ensure(*arguments, **options):
    """In testing mode Slicer installs nothing either."""
