"""Chalice's own SAM template, with and without the deployment package.

A local run needs the template and no zip, so `template_without_package` runs Chalice's build steps but the
packager. `package` is `chalice package` itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from infrastructure.errors import BuildError


def template_without_package(project_dir: Path, stage: str) -> dict[str, Any]:
    """Return what `chalice package` would write, with "app.zip" and "layer.zip" as places of the code.

    Imports the project's app.py into this process.

    Raises:
        BuildError: app.py or .chalice/config.json is broken.
    """
    from chalice.cli.factory import CLIFactory
    from chalice.deploy.appgraph import ApplicationGraphBuilder, ChaliceBuildError, DependencyBuilder
    from chalice.package import PackageOptions, ResourceBuilder, SAMTemplateGenerator

    class PublicPartition(PackageOptions):
        """Answers from what is known of the public partition, where Chalice's own asks a client."""

        def __init__(self) -> None: ...

        def service_principal(self, service: str) -> str:
            return f"{service}.amazonaws.com"

    config = CLIFactory(str(project_dir), environ={}).create_config_obj(stage)
    builder = ResourceBuilder(ApplicationGraphBuilder(), DependencyBuilder(), _build_stage())
    try:
        resources = builder.construct_resources(config, stage)
        template: dict[str, Any] = SAMTemplateGenerator(config, PublicPartition()).generate(resources)
    except (RuntimeError, ChaliceBuildError, NotImplementedError, ImportError, OSError) as error:
        raise BuildError(_in_one_line(error, project_dir)) from error
    return template


def _in_one_line(error: Exception, project_dir: Path) -> str:
    """Return what is wrong with its place; Chalice tells a syntax error of any module in five lines."""
    beneath = error.__context__
    if isinstance(beneath, SyntaxError) and beneath.filename:
        file = Path(beneath.filename)
        shown = file.relative_to(project_dir) if file.is_relative_to(project_dir) else file
        return f"{shown}:{beneath.lineno}: SyntaxError: {beneath.msg}"
    return "app.py: " + " ".join(str(error).split())


def package(project_dir: Path, stage: str, out: Path) -> dict[str, Any]:
    """Run `chalice package` into ``out`` (deployment.zip, and a layer's zip) and return its template.

    Raises:
        BuildError: with what Chalice printed.
    """
    chalice = [sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())"]
    done = subprocess.run(
        [*chalice, "--project-dir", str(project_dir), "package", "--stage", stage, str(out)],
        capture_output=True,
        text=True,
        check=False,
        # Chalice wants a region, and the template it writes is the same for all.
        env={"AWS_DEFAULT_REGION": "us-east-1", **os.environ},
    )
    template = out / "sam.json"
    if done.returncode or not template.exists():
        raise BuildError(f"chalice package: {(done.stderr or done.stdout).strip()}")
    content: dict[str, Any] = json.loads(template.read_text(encoding="utf-8"))
    template.unlink()
    return content


def check_stage(project_dir: Path, stage: str) -> None:
    """Raise BuildError when ``stage`` is not in .chalice/config.json; Chalice takes any name silently."""
    path = project_dir / ".chalice" / "config.json"
    try:
        stages = json.loads(path.read_text(encoding="utf-8")).get("stages", {})
    except FileNotFoundError:
        raise BuildError(f"{path}: missing; this is no Chalice project") from None
    except json.JSONDecodeError as error:
        raise BuildError(f".chalice/config.json:{error.lineno}: {error.msg}") from None
    if stage not in stages:
        raise BuildError(f".chalice/config.json: no stage {stage!r}; known are {', '.join(sorted(stages))}")


def _build_stage() -> Any:
    """Return Chalice's build steps, the packager replaced by one that only names the files."""
    from chalice.deploy import deployer
    from chalice.deploy.swagger import CFNSwaggerGenerator
    from chalice.policy import AppPolicyGenerator
    from chalice.utils import OSUtils

    class NamesOnly(deployer.BaseDeployStep):
        def handle_deploymentpackage(self, _config: Any, resource: Any) -> None:
            resource.filename = "app.zip"

        def handle_lambdalayer(self, _config: Any, resource: Any) -> None:
            resource.deployment_package.filename = "layer.zip"

    osutils = OSUtils()
    return deployer.BuildStage(
        steps=[
            deployer.InjectDefaults(),
            NamesOnly(),
            deployer.PolicyGenerator(policy_gen=AppPolicyGenerator(osutils=osutils), osutils=osutils),
            deployer.SwaggerBuilder(swagger_generator=CFNSwaggerGenerator()),
            deployer.LambdaEventSourcePolicyInjector(),
            deployer.WebsocketPolicyInjector(),
        ]
    )
