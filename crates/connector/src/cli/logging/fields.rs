//! The fields of events and spans, each value without secrets.
//!
//! Values are scrubbed one by one, before the line is put together: a credential that looks like a part of the line
//! itself, `"level":"ERROR"` for example, must not tear a hole into it.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::FormattedFields;
use tracing_subscriber::fmt::format::Writer;

use crate::json_text::escape;
use crate::scrub::{scrub, with_log_scrubber};

/// Writes fields as the members of a JSON object, without its braces.
pub(super) struct JsonFields;

impl<'w> FormatFields<'w> for JsonFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'w>, fields: R) -> fmt::Result {
        writer.write_str(&members(fields)?)
    }

    fn add_fields(&self, current: &'w mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        let read = |members: &str| {
            serde_json::from_str::<Map<String, Value>>(&format!("{{{members}}}")).map_err(|_| fmt::Error)
        };
        let mut all = read(&current.fields)?;
        all.extend(read(&members(fields)?)?);
        let object = serde_json::to_string(&all).map_err(|_| fmt::Error)?;
        object.get(1..object.len() - 1).unwrap_or_default().clone_into(&mut current.fields);
        Ok(())
    }
}

/// `fields` as the members of a JSON object.
pub(super) fn members(fields: impl RecordFields) -> Result<String, fmt::Error> {
    with_log_scrubber(|scrub| {
        let mut members = Members { text: String::with_capacity(256), written: Ok(()), scrub };
        fields.record(&mut members);
        members.written.map(|()| members.text)
    })
}

/// Members of a JSON object, written one by one.
struct Members<'s> {
    text: String,
    written: fmt::Result,
    scrub: &'s dyn Fn(&str) -> String,
}

impl Members<'_> {
    /// Adds a field whose value is a JSON string.
    fn string(&mut self, field: &Field, value: &str) {
        let value = (self.scrub)(value);
        self.add(field, |text| {
            text.push('"');
            escape(&value, text)?;
            text.push('"');
            Ok(())
        });
    }

    /// Adds a field whose value is a JSON number or `true` or `false`; one that is a secret becomes a string.
    fn literal(&mut self, field: &Field, value: &str) {
        if (self.scrub)(value) == value {
            self.add(field, |text| text.write_str(value));
        } else {
            self.string(field, value);
        }
    }

    fn add(&mut self, field: &Field, write: impl FnOnce(&mut String) -> fmt::Result) {
        if self.written.is_err() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push(',');
        }
        self.text.push('"');
        let name = escape(field.name(), &mut self.text);
        self.text.push_str("\":");
        self.written = name.and_then(|()| write(&mut self.text));
    }
}

impl Visit for Members<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.string(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.literal(field, &value.to_string());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.literal(field, &value.to_string());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.literal(field, &Value::from(value).to_string());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.literal(field, if value { "true" } else { "false" });
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.string(field, &format!("{value:?}"));
    }
}

/// Writes fields for people: the message, then `name=value` for each other field.
pub(super) fn for_people(writer: &mut Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    let text = scrub(&format!("{value:?}"));
    if field.name() != "message" {
        write!(writer, "{}=", field.name())?;
    }
    // A message must not speak to the terminal, nor look like lines of its own.
    text.chars().try_for_each(|char| match char.is_control() {
        true => write!(writer, "{}", char.escape_default()),
        false => writer.write_char(char),
    })
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;

    use super::super::line::JsonLine;
    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'w> MakeWriter<'w> for Lines {
        type Writer = Self;

        fn make_writer(&'w self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn a_span_is_an_object_with_all_that_was_recorded_early_and_late() {
        let lines = Lines::default();
        let log = tracing_subscriber::fmt().fmt_fields(JsonFields).event_format(JsonLine);
        let log = log.with_writer(lines.clone()).finish();
        tracing::subscriber::with_default(log, || {
            let text = "a\"b\\\nc";
            let late = tracing::field::Empty;
            let span = tracing::info_span!("s", text, int = -1, unsigned = 2_u64, float = 0.5, yes = true, debug = ?[1], late);
            span.record("late", "l").record("int", 3);
            let empty = tracing::info_span!(parent: &span, "empty");
            empty.in_scope(|| tracing::info!("said"));
        });
        let line: Value = serde_json::from_slice(&lines.0.lock().unwrap()).unwrap();
        let expected = serde_json::json!({
            "name": "s", "text": "a\"b\\\nc", "int": 3, "unsigned": 2, "float": 0.5, "yes": true, "debug": "[1]",
            "late": "l",
        });
        assert_eq!(line["spans"], serde_json::json!([expected, {"name": "empty"}]));
    }
}
