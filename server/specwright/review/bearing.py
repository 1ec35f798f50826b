"""Which changed files bear trust: what they say is run, or decides what counts as right, before anybody reads it.

By the path as every file system reads it, and by what kind of thing the file is. `docs/trust.md` lists the table.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from specwright.review.hunks import ABSENT
from specwright.spec.scope import Scope

_LINK, _SUBMODULE, _EXECUTABLE = "120000", "160000", "100755"
_PROGRAMS = ("js", "cjs", "mjs", "ts", "cts", "mts")


@dataclass(frozen=True, slots=True)
class Row:
    """Files that bear trust for one reason: words of path names, in lower case."""

    reason: str
    """What the files are."""
    why: str
    names: str = ""
    """Of files, in any folder."""
    folders: str = ""
    """Everything below a folder of this name, and what itself has the name."""
    begins: str = ""
    """How the name of a file begins."""
    ends: str = ""
    """How it ends."""
    only: str = ""
    """How a file must end that is meant by `folders` or `begins`; empty where each is."""


TABLE = (
    Row(
        "Specwright's own settings",
        "They name the commands that tasks run, and what is copied to an agent.",
        names="specwright.toml .worktreeinclude",
    ),
    Row(
        "CI configuration",
        "It runs with the project's secrets as soon as it is pushed.",
        names="jenkinsfile .travis.yml .drone.yml .cirrus.yml .cirrus.star .woodpecker.yml appveyor.yml .appveyor.yml "
        "bitbucket-pipelines.yml buildspec.yml cloudbuild.yaml cloudbuild.yml codemagic.yaml wercker.yml codeowners "
        ".readthedocs.yaml .readthedocs.yml renovate.json .woodpecker.yaml .build.yml .drone.star .drone.jsonnet "
        "bitrise.yml renovate.json5 .mergify.yml "
        " netlify.toml vercel.json procfile",
        folders=".github .gitlab .gitea .forgejo .circleci .buildkite .woodpecker .tekton .teamcity .semaphore "
        ".builds .azure-pipelines .azuredevops .cloudbuild",
        begins=".gitlab-ci. azure-pipelines. azure-pipelines- jenkinsfile. .renovaterc .releaserc "
        "release-please-config",
        ends=".gitlab-ci.yml",
    ),
    Row(
        "hook",
        "Git runs it by itself, at the next commit, checkout or push.",
        names=".pre-commit-config.yaml .pre-commit-config.yml .pre-commit-hooks.yaml prek.toml .overcommit.yml",
        folders=".husky .githooks githooks .git-hooks git-hooks .hooks",
        begins="lefthook. .lefthook. lefthook-local. .lintstagedrc lint-staged.config. .huskyrc .simple-git-hooks. "
        "simple-git-hooks. .commitlintrc",
    ),
    Row(
        "git's own settings",
        "Attributes choose programs and hide changes from a diff, submodules fetch from elsewhere, and what is ignored "
        "is in no diff at all.",
        names=".gitattributes .gitmodules .gitconfig .gitignore",
        folders=".git",
    ),
    Row(
        "settings of an editor or a shell",
        "Opening the project, or entering its folder, runs what they name.",
        names=".exrc .nvimrc .nvim.lua .vimrc .gvimrc .lvimrc .dir-locals.el .dir-locals-2.el .projectile .env .envrc "
        ".mise.toml mise.toml .mise.local.toml mise.local.toml .rtx.toml .tool-versions .python-version "
        ".node-version .nvmrc .ruby-version .java-version .sdkmanrc rust-toolchain rust-toolchain.toml "
        ".pdbrc .ghci .rprofile .irbrc .pryrc .flaskenv .luarc.json .neoconf.json .ycm_extra_conf.py "
        ".gitpod.yml .replit .autoenv "
        "devbox.json devenv.nix devenv.yaml .gdbinit .lldbinit .inputrc .bashrc .profile .zshrc",
        folders=".helix .vscode .idea .devcontainer .zed .fleet .vim .nvim .direnv .mise .run",
        begins=".env. .devcontainer.",
        ends=".code-workspace .sublime-project .iml",
    ),
    Row(
        "instructions to agents",
        "The next agent obeys them, and may start the servers that they name.",
        names="claude.md claude.local.md agents.md agent.md gemini.md qwen.md .cursorrules .windsurfrules .clinerules "
        ".roorules .mcp.json mcp.json copilot-instructions.md .goosehints skill.md opencode.json .cursorignore "
        ".rules .roomodes .kilocodemodes .augment-guidelines crush.json .crush.json opencode.jsonc "
        "agents.override.md warp.md .claudeignore .aiignore",
        folders=".claude .cursor .codex .gemini .windsurf .clinerules .roo .continue .kiro .amazonq .agents .junie "
        ".kilocode .openhands .goose .opencode .augment .trae",
        begins=".aider",
    ),
    Row(
        "configuration of tests and checks",
        "It can make every check pass.",
        names="conftest.py pytest.ini .pytest.ini pytest.toml .pytest.toml tox.ini tox.toml noxfile.py "
        "sitecustomize.py usercustomize.py ruff.toml .ruff.toml mypy.ini .mypy.ini pyrightconfig.json .flake8 "
        ".pylintrc pylintrc pylintrc.toml .pylintrc.toml .coveragerc .bandit bandit.yaml ty.toml .isort.cfg "
        "codecov.yml .codecov.yml biome.json biome.jsonc .oxlintrc.json .jshintrc .eslintignore .prettierignore "
        "clippy.toml .clippy.toml deny.toml nextest.toml phpstan.neon phpcs.xml .rspec .shellcheckrc "
        ".semgrepignore .trivyignore .gitleaksignore .gitleaks.toml .secrets.baseline sonar-project.properties "
        ".markdownlint.json .yamllint .hadolint.yaml .clang-tidy karma.conf.js detekt.yml checkstyle.xml",
        folders=".semgrep",
        begins=".eslintrc .mocharc .nycrc .c8rc .stylelintrc .babelrc .swcrc .golangci. .rubocop .semgrep. phpunit.xml",
        ends=".pth .runsettings",
    ),
    Row(
        "lock file",
        "It decides which code of others is installed, and hardly anybody reads it.",
        names="package-lock.json npm-shrinkwrap.json go.sum go.work.sum bun.lockb packages.lock.json "
        "package.resolved paket.lock cartfile.resolved verification-metadata.xml .terraform.lock.hcl",
        ends=".lock .lockfile -lock.json -lock.yaml -lock.yml .lock.json",
    ),
    Row(
        "package or build file",
        "Installing, building or testing runs what it names.",
        names="package.json setup.py setup.cfg pyproject.toml build.rs cargo.toml go.mod go.work pipfile "
        "environment.yml environment.yaml gemfile rakefile composer.json pom.xml build.xml build.sbt package.swift "
        "podfile mix.exs deno.json deno.jsonc bunfig.toml cmakelists.txt meson.build configure configure.ac "
        "makefile gnumakefile bsdmakefile justfile .justfile fabfile.py conanfile.py sconstruct workspace "
        "build.bazel module.bazel workspace.bazel .bazelrc .pnp.cjs .pnp.loader.mjs .pdm-python hatch_build.py "
        "pixi.toml libs.versions.toml directory.packages.props "
        "cpanfile pubspec.yaml build.zig cmakepresets.json deps.edn project.clj "
        "rebar.config .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs "
        "pnpm-workspace.yaml pip.conf .pypirc uv.toml gradlew gradlew.bat mvnw mvnw.cmd gradle.properties "
        "nuget.config directory.build.props directory.build.targets binding.gyp turbo.json nx.json "
        "dockerfile containerfile compose.yml compose.yaml vagrantfile tiltfile skaffold.yaml earthfile .buckconfig",
        folders=".bundle .cargo .yarn .mvn .gradle",
        begins="dockerfile. containerfile. docker-compose. docker-compose- "
        "compose.override. docker-bake. taskfile. build.gradle settings.gradle init.gradle gradle-wrapper.",
        ends=f".gemspec .nix .mk .cmake .csproj .fsproj .vbproj "
        f".bzl .pbxproj .sbt .cabal "
        f".sln .podspec .dockerfile {' '.join(f'.config.{program}' for program in _PROGRAMS)}",
    ),
    Row(
        "list of requirements",
        "It decides which code of others is installed.",
        folders="requirements",
        begins="requirements. requirements- requirements_ constraints. constraints- constraints_",
        ends="requirements.txt requirements.in constraints.txt",
        only=".txt .in",
    ),
)
"""The first row that fits tells what a path is."""
LINK, SUBMODULE, BIT = "symbolic link", "submodule", "executable bit"
NAME, GATE = "name that misleads", "program of a gate"
KINDS = {
    LINK: "What is written or read there, is so where it leads.",
    SUBMODULE: "Its commit is fetched from elsewhere, and no diff shows it.",
    BIT: "A file becomes a program, or is none any more.",
    NAME: "It can't be seen for what it is, or is new and other systems refuse it or read it as another one.",
    GATE: "A gate of `specwright.toml` runs it by its path, so it decides what that gate says.",
}
"""What bears trust whatever its path is."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed file, as far as it is asked about here."""

    path: str
    old_path: str | None
    modes: tuple[str, str]
    misread: bool = False
    """Whether other systems refuse or misread its path, as `review.misread` finds out."""
    of_gate: bool = False
    """Whether a gate runs it."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Where it is, and where it was if that differs."""
        return (self.path,) if self.old_path in {None, self.path} else (self.path, str(self.old_path))


def why(file: Changed) -> str | None:
    """Why a file bears trust, in some words; None where it does not."""
    return ", ".join(dict.fromkeys([*filter(None, map(kind_of_path, file.paths)), *_kinds(file)])) or None


def only_by_name(file: Changed, patterns: tuple[str, ...], own: str) -> bool:
    """Whether it bears trust, the spec's `files:` does not name it, nor is it `own`, where the spec stands.

    Then "accept all" leaves it out.
    """
    if why(file) is None or file.paths == (own,):
        return False
    exactly = not {LINK, SUBMODULE, NAME}.isdisjoint(_kinds(file))
    within: Callable[[str], bool] = (lambda folder: False) if exactly else _is_bearing_folder
    scope = Scope(patterns)
    return not all(scope.names(path, within) for path in file.paths)


def left_out(files: Mapping[str, str]) -> str:
    """What is said of files that "accept all" left out: which, why, and how they are accepted."""
    several = len(files) != 1
    named = ", ".join(f"{path} ({reason})" for path, reason in files.items())
    return (
        f"Left out, because {'they bear' if several else 'it bears'} trust and the spec's `files:` "
        f"{'do not name them' if several else 'does not name it'}: {named}. "
        f"Look at {'them' if several else 'it'}, then accept {'each' if several else 'it'} by name"
    )


@lru_cache(4096)
def kind_of_path(path: str) -> str | None:
    """What a path alone says of a file that bears trust."""
    parts = folded(path).split("/")
    return next((row.reason for row in TABLE if _fits(row, parts)), None)


def folded(path: str) -> str:
    """A path as file systems may read it that fold case and forms, and drop what can't be seen."""
    text = unicodedata.normalize("NFKC", path)
    seen = "".join(character for character in text if unicodedata.category(character) != "Cf")
    folded = unicodedata.normalize("NFKC", seen.casefold())
    return "/".join(part.partition(":")[0].rstrip(" .") for part in folded.split("/"))


def _fits(row: Row, parts: list[str]) -> bool:
    name = parts[-1]
    if name in _words(row.names) or name.endswith(_words(row.ends)):
        return True
    meant = _below(row, parts) or name.startswith(_words(row.begins))
    return meant and (not row.only or name.endswith(_words(row.only)))


def _below(row: Row, parts: list[str]) -> bool:
    return not set(parts).isdisjoint(_words(row.folders))


@lru_cache(128)
def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _is_bearing_folder(folder: str) -> bool:
    parts = folded(folder).split("/")
    return any(_below(row, parts) for row in TABLE)


def _kinds(file: Changed) -> Iterator[str]:
    before, after = file.modes
    if _LINK in file.modes:
        yield LINK
    if _SUBMODULE in file.modes:
        yield SUBMODULE
    if before != after and after != ABSENT and _EXECUTABLE in file.modes:
        yield BIT
    if file.misread or any(not path.isprintable() or unicodedata.normalize("NFC", path) != path for path in file.paths):
        yield NAME
    if file.of_gate:
        yield GATE
