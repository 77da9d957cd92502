"""What schemathesis is not told of the mock connector."""

import schemathesis


@schemathesis.hook
def before_load_schema(context, document):
    """Takes out the setting that makes the mock connector slow: a valid request may ask it to wait for a minute.

    Settings are closed, so that nothing else is taken for valid or invalid without it.
    """
    document["components"]["schemas"]["Settings"]["properties"].pop("delay_ms")
    for path in document["paths"].values():
        for media in path.get("post", {}).get("requestBody", {}).get("content", {}).values():
            media["example"].get("settings", {}).pop("delay_ms", None)
