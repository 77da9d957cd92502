"""Runs the checks that connector-py ships for `app_info` over the documents of connectors.

The argument is a JSON file: an object with a connector's responses to `app_info` and to `info`, by its name. Prints each
finding, and exits with status 1 if there are any.
"""

import json
import sys
from types import SimpleNamespace

from connector_sdk_types import OAS
from connector_sdk_types.generated import AppInfoResponse, OpenAPISpecificationInfo
from connector_sdk_types.oai.modules.credentials_module_types import AuthModel
from tests.oai.schema_linter_checks import SCHEMA_CHECK_LIST


def integration(info):
    """What the checks read of an integration, as `info` describes it."""
    credentials = [
        SimpleNamespace(
            id=schema.get("x-credential-id", schema["x-credential-type"]),
            type=AuthModel(schema["x-credential-type"]),
            oauth_settings=None,
        )
        for schema in info["credentials_schema"]
    ]
    return SimpleNamespace(
        app_id=info["app_id"],
        auth=None if credentials else info["authentication_schema"],
        capabilities=dict.fromkeys(info["capabilities"]),
        credentials=credentials,
        oauth_settings=None,
        settings_model=info["request_settings_schema"],
    )


def findings(name, connector):
    app_info = AppInfoResponse.model_validate(connector["app_info"])
    spec = OAS.OpenAPI.model_validate(app_info.response.app_schema)
    info = OpenAPISpecificationInfo.model_validate(spec.info.model_dump(by_alias=True))
    of = integration(connector["info"]["response"])
    for check in SCHEMA_CHECK_LIST:
        try:
            check.check(spec, info, of, name)
        except AssertionError as error:
            yield f"{check.name}: {error}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        connectors = json.load(file)
    found = [finding for name, connector in connectors.items() for finding in findings(name, connector)]
    print("\n".join(found + [f"{len(connectors)} connectors, {len(SCHEMA_CHECK_LIST)} checks, {len(found)} findings"]))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
