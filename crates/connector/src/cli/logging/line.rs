//! A line of the log as a JSON object.

use std::fmt;

use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use super::fields::{JsonFields, members};
use crate::json_text;

/// Writes an event as one JSON object: its time and level, its fields, its target, and the spans it is in.
pub(super) struct JsonLine;

impl<S> FormatEvent<S, JsonFields> for JsonLine
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        line.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut line)?;
        write!(line, "\",\"level\":\"{}\"", metadata.level())?;
        let fields = members(event)?;
        write_members(&fields, &mut line)?;
        line.write_str(",\"target\":\"")?;
        json_text::escape(metadata.target(), &mut line)?;
        line.write_char('"')?;
        if let Some(spans) = context.event_scope() {
            let mut before = ",\"spans\":[";
            for span in spans.from_root() {
                write!(line, "{before}{{\"name\":\"")?;
                json_text::escape(span.name(), &mut line)?;
                line.write_char('"')?;
                if let Some(fields) = span.extensions().get::<FormattedFields<JsonFields>>() {
                    write_members(&fields.fields, &mut line)?;
                }
                line.write_char('}')?;
                before = ",";
            }
            line.write_char(']')?;
        }
        line.write_str("}\n")
    }
}

fn write_members(members: &str, line: &mut Writer<'_>) -> fmt::Result {
    if members.is_empty() {
        return Ok(());
    }
    line.write_char(',')?;
    line.write_str(members)
}
