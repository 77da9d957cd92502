//! The fields of spans in a log of JSON lines.

use std::fmt;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::FormattedFields;
use tracing_subscriber::fmt::format::Writer;

use crate::json_text::escape;

/// Writes the fields of a span as a JSON object, straight into its text: every request has a span, and few log a line
/// in it. What is recorded later is merged in.
pub(super) struct JsonFields;

impl<'w> FormatFields<'w> for JsonFields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut object = Object { writer, is_empty: true, written: Ok(()) };
        fields.record(&mut object);
        let Object { mut writer, is_empty, written } = object;
        written?;
        writer.write_str(if is_empty { "{}" } else { "}" })
    }

    fn add_fields(&self, current: &'w mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        let mut added = FormattedFields::<Self>::new(String::new());
        self.format_fields(added.as_writer(), fields)?;
        let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).map_err(|_| fmt::Error);
        let mut all = read(&current.fields)?;
        all.extend(read(&added.fields)?);
        current.fields = serde_json::to_string(&all).map_err(|_| fmt::Error)?;
        Ok(())
    }
}

struct Object<'w> {
    writer: Writer<'w>,
    is_empty: bool,
    written: fmt::Result,
}

impl Object<'_> {
    fn add(&mut self, field: &Field, write: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        if self.written.is_ok() {
            self.written = self.try_add(field, write);
        }
    }

    fn try_add(&mut self, field: &Field, write: impl FnOnce(&mut Writer<'_>) -> fmt::Result) -> fmt::Result {
        self.writer.write_char(if self.is_empty { '{' } else { ',' })?;
        self.is_empty = false;
        write_text(&mut self.writer, field.name())?;
        self.writer.write_char(':')?;
        write(&mut self.writer)
    }
}

impl Visit for Object<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, |writer| write_text(writer, value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, |writer| write!(writer, "{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, |writer| write!(writer, "{value}"));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, |writer| write!(writer, "{}", Value::from(value)));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, |writer| write!(writer, "{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, |writer| write_text(writer, &format!("{value:?}")));
    }
}

/// Writes a JSON string.
fn write_text(writer: &mut Writer<'_>, text: &str) -> fmt::Result {
    writer.write_char('"')?;
    escape(text, writer)?;
    writer.write_char('"')
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;

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
        let log = tracing_subscriber::fmt().json().fmt_fields(JsonFields).with_writer(lines.clone()).finish();
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
        assert_eq!((&line["spans"][0], &line["span"]), (&expected, &serde_json::json!({"name": "empty"})));
    }
}
