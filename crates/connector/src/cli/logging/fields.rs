//! Formats the fields of events and spans, without secrets.
//!
//! Values are scrubbed one by one, before they are combined into a line. Otherwise, a credential that looks like a part
//! of the line, such as `"level":"ERROR"`, would damage it.

use std::fmt;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::FormattedFields;
use tracing_subscriber::fmt::format::Writer;

use crate::scrub::{scrub, with_log_scrubber};

/// Writes fields as a JSON object.
pub(super) struct JsonFields;

impl<'w> FormatFields<'w> for JsonFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'w>, fields: R) -> fmt::Result {
        write!(writer, "{}", Value::Object(values(fields)))
    }

    fn add_fields(&self, current: &'w mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        let mut all = read(current)?;
        all.extend(values(fields));
        current.fields = Value::Object(all).to_string();
        Ok(())
    }
}

/// Parses the fields of a span from their formatted object.
pub(super) fn read(fields: &FormattedFields<JsonFields>) -> Result<Map<String, Value>, fmt::Error> {
    serde_json::from_str(&fields.fields).map_err(|_| fmt::Error)
}

/// Returns the names and values of `fields`.
pub(super) fn values(fields: impl RecordFields) -> Map<String, Value> {
    with_log_scrubber(|scrub| {
        let mut values = Values { found: Map::new(), scrub };
        fields.record(&mut values);
        values.found
    })
}

struct Values<'s> {
    found: Map<String, Value>,
    scrub: &'s dyn Fn(&str) -> String,
}

impl Values<'_> {
    fn text(&mut self, field: &Field, value: &str) {
        self.found.insert(field.name().to_owned(), (self.scrub)(value).into());
    }

    /// Adds a number or boolean, or a string if it is a secret.
    fn literal(&mut self, field: &Field, value: impl Into<Value>) {
        let value = value.into();
        let written = value.to_string();
        let scrubbed = (self.scrub)(&written);
        let shown = if scrubbed == written { value } else { scrubbed.into() };
        self.found.insert(field.name().to_owned(), shown);
    }
}

impl Visit for Values<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.literal(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.literal(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.literal(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.literal(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, &format!("{value:?}"));
    }
}

/// Formats fields for people: the message, then `name=value` for every other field.
pub(super) fn for_people(writer: &mut Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    let text = scrub(&format!("{value:?}"));
    if field.name() != "message" {
        write!(writer, "{}=", field.name())?;
    }
    // Escapes control characters, so that a value can't control the terminal or add lines.
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
    fn a_span_includes_all_recorded_fields() {
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
