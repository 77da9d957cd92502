"""The size of the tenant, and simulated failures."""

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    accounts: StrictInt | None = Field(default=None, ge=0, le=10_000_000)
    fail_with_status: StrictInt | None = Field(default=None, ge=400, le=599)
    delay_ms: StrictInt | None = Field(default=None, ge=0, le=60_000)
    panic: StrictBool | None = None
