//! The fields of spans in a log of JSON lines.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::FormattedFields;
use tracing_subscriber::fmt::format::Writer;

use crate::json_text::escape;

/// Writes the fields of a span as a JSON object, straight as text: every request has a span, and few log a line in it.
/// What is recorded later is merged in.
pub(super) struct JsonFields;

impl<'w> FormatFields<'w> for JsonFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'w>, fields: R) -> fmt::Result {
        writer.write_str(&Object::of(fields)?)
    }

    fn add_fields(&self, current: &'w mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).map_err(|_| fmt::Error);
        let mut all = read(&current.fields)?;
        all.extend(read(&Object::of(fields)?)?);
        current.fields = serde_json::to_string(&all).map_err(|_| fmt::Error)?;
        Ok(())
    }
}

/// A JSON object that is written field by field.
struct Object {
    text: String,
    written: fmt::Result,
}

impl Object {
    /// `fields` as an object. It is made apart, since the text that it becomes a part of would grow with every piece.
    fn of(fields: impl RecordFields) -> Result<String, fmt::Error> {
        let mut object = Self { text: String::with_capacity(128), written: Ok(()) };
        object.text.push('{');
        fields.record(&mut object);
        object.written?;
        object.text.push('}');
        Ok(object.text)
    }

    fn add(&mut self, field: &Field, write: impl FnOnce(&mut String) -> fmt::Result) {
        if self.written.is_ok() {
            self.written = self.try_add(field, write);
        }
    }

    fn try_add(&mut self, field: &Field, write: impl FnOnce(&mut String) -> fmt::Result) -> fmt::Result {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        write_text(&mut self.text, field.name())?;
        self.text.push(':');
        write(&mut self.text)
    }
}

impl Visit for Object {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, |text| write_text(text, value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, |text| write!(text, "{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, |text| write!(text, "{value}"));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, |text| write!(text, "{}", Value::from(value)));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, |text| write!(text, "{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, |text| write_text(text, &format!("{value:?}")));
    }
}

/// Writes a JSON string.
fn write_text(text: &mut String, value: &str) -> fmt::Result {
    text.push('"');
    escape(value, text)?;
    text.push('"');
    Ok(())
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
