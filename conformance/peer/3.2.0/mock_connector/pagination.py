"""Pages of a listing, with the release's tokens."""

from dataclasses import dataclass

from connector.serializers.request import Request
from connector.serializers.response import PaginationData
from connector.utils.pagination import PaginationBase, create_next_page_token

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
    def of(cls, request: Request, endpoint: str, total: int) -> "Window":
        size = page_size(request)
        start = 0
        if request.pagination_token is not None:
            positions = PageToken(token=request.pagination_token).paginations()
            if len(positions) != 1:
                raise bad_request("page.token: not a token of one endpoint")
            if positions[0].endpoint != endpoint:
                raise bad_request("page.token: a token of another listing")
            start = min(positions[0].offset, total)
        return cls(endpoint, start, min(start + size, total), total)

    def items(self) -> range:
        return range(self.start, self.end)

    def next(self) -> PaginationData | None:
        if self.end >= self.total:
            return None
        position = Position(endpoint=self.endpoint, offset=self.end)
        return PageToken.from_paginations([position]).to_pagination_data(size=None)


def page_size(request: Request) -> int:
    size = request.pagination_size
    if size is None:
        return DEFAULT_SIZE
    if size < 1:
        raise bad_request("page.size: expected at least 1")
    return min(size, MAX_SIZE)
