"""Pages of a listing, with the release's tokens."""

from dataclasses import dataclass
from typing import Any

from connector.client import PaginationBase, create_next_page_token, get_page
from connector_sdk_types.generated import Page

from mock_connector.errors import bad_request

DEFAULT_SIZE = 100
MAX_SIZE = 10_000


class Position(PaginationBase):
    """A position in a listing: the number of items of `endpoint` before it."""

    offset: int


PageToken = create_next_page_token(Position, "PageToken")


@dataclass
class Window:
    """The range of items on a page."""

    endpoint: str
    start: int
    end: int
    total: int

    @classmethod
    def of(cls, args: Any, endpoint: str, total: int) -> "Window":
        page = get_page(args)
        size = DEFAULT_SIZE if page.size is None else page.size
        if size < 1:
            raise bad_request("page.size: expected at least 1")
        start = 0
        if page.token is not None:
            positions = PageToken(page.token).paginations()
            if len(positions) != 1:
                raise bad_request("page.token: not a token of one endpoint")
            if positions[0].endpoint != endpoint:
                raise bad_request("page.token: a token of another listing")
            start = min(positions[0].offset, total)
        return cls(endpoint, start, min(start + min(size, MAX_SIZE), total), total)

    def items(self) -> range:
        return range(self.start, self.end)

    def slice(self, listing: list[Any]) -> list[Any]:
        return listing[self.start : self.end]

    def next(self) -> Page | None:
        if self.end >= self.total:
            return None
        position = Position(endpoint=self.endpoint, offset=self.end)
        return PageToken.from_paginations([position]).to_page(size=None)
