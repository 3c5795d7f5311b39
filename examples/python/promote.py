"""A client that promotes an image with cssc: it gates it, and promotes it when it passes. Prints the result as JSON.

    dagger run python3 promote.py --image ghcr.io/acme/quarantine/app:1.4 --target ghcr.io/acme/golden/app

It needs Python alone: `dagger run` opens a session, and one GraphQL request asks for all, which is what generated bindings do.
"""

import argparse
import base64
import json
import os
import sys
import urllib.error
import urllib.request


def ask(*chain: str) -> str:
    """Selects the links inside one another, and returns the last one's text."""
    query = "query { " + " { ".join(chain) + " }" * len(chain)
    token = base64.b64encode((os.environ["DAGGER_SESSION_TOKEN"] + ":").encode()).decode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ['DAGGER_SESSION_PORT']}/query",
        data=json.dumps({"query": query}).encode(),
        headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    if answer.get("errors"):
        sys.exit("\n".join(error["message"] for error in answer["errors"]))
    value = answer["data"]
    for link in chain:
        value = value[link.split("(")[0]]
    return value


def call(name: str, **given: str) -> str:
    """One link of a chain; GraphQL's strings are JSON's."""
    words = ", ".join(f"{argument}: {json.dumps(value)}" for argument, value in given.items())
    return f"{name}({words})" if words else name


def promote(args: argparse.Namespace) -> str:
    ask(call("moduleSource", refString=args.module), "asModule", "serve")
    constructor, links = {}, []
    if args.toolbox:
        constructor["toolbox"] = ask(call("address", value=args.toolbox), "container", "id")
    if args.database:
        constructor["databaseDirectory"] = ask("host", call("directory", path=args.database), "id")
    if args.service:
        address, url = args.service.split("=", 1)
        service = ask(call("address", value=url), "service", "id")
        links = [call("withRegistryService", address=address, service=service)]
    gate = call("gate", image=args.image)
    return ask(call("cssc", **constructor), *links, gate, call("promote", target=args.target), "json")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--module", default="github.com/acme/cssc@v0.1.0", help="where the module is")
    parser.add_argument("--image", required=True, help="registry/repository:tag of the quarantine")
    parser.add_argument("--target", required=True, help="registry/repository[:tag] of the trusted images")
    parser.add_argument("--service", help="address=tcp://host:port of a registry that only this machine reaches")
    parser.add_argument("--toolbox", help="another image with crane, oras and trivy")
    parser.add_argument("--database", help="a folder with Trivy's vulnerability database")
    return parser.parse_args()


if __name__ == "__main__":
    print(promote(arguments()), end="")
