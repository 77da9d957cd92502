"""Changes to the mock connector's OpenAPI document for schemathesis."""

import schemathesis


@schemathesis.hook
def before_load_schema(context, document):
    """Removes the setting that delays the mock connector, because a valid request could wait for a minute.

    Settings have no additional properties, so nothing else becomes valid or invalid without it.
    """
    document["components"]["schemas"]["Settings"]["properties"].pop("delay_ms")
    for path in document["paths"].values():
        for media in path.get("post", {}).get("requestBody", {}).get("content", {}).values():
            media["example"].get("settings", {}).pop("delay_ms", None)
