//! JSON documents as they are written: `json!`.

use serde::Serialize;
use serde_json::{Map, Value};

/// A JSON document: `json!({ "type": ["string", "null"], "const": constant })`, as that of `serde_json` but smaller.
///
/// The macro of `serde_json` makes of each key and each literal code that allocates, inserts and cleans up. This one makes
/// one call of each. The documents of the SDK are many, and are written once in a while.
macro_rules! json {
    ({ $($fields:tt)* }) => { $crate::json::json!(@document object { $($fields)* }) };
    ([ $($items:tt)* ]) => { $crate::json::json!(@document array [ $($items)* ]) };
    (null) => { serde_json::Value::Null };
    ($value:expr) => { $crate::json::value(&$value) };

    (@document $kind:ident $content:tt) => {{
        let mut document = $crate::json::Document::default();
        document.$kind("");
        $crate::json::json!(@within document $content);
        document.done()
    }};

    (@within $document:ident { $($fields:tt)* }) => { $crate::json::json!(@fields $document $($fields)*) };
    (@within $document:ident [ $($items:tt)* ]) => { $crate::json::json!(@items $document $($items)*) };

    (@fields $document:ident) => {};
    (@fields $document:ident $key:tt : { $($value:tt)* } $(, $($rest:tt)*)?) => {
        $crate::json::json!(@nested $document object $key { $($value)* });
        $crate::json::json!(@fields $document $($($rest)*)?);
    };
    (@fields $document:ident $key:tt : [ $($value:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::json::json!(@nested $document array $key [ $($value)* ]);
        $crate::json::json!(@fields $document $($($rest)*)?);
    };
    (@fields $document:ident $key:tt : null $(, $($rest:tt)*)?) => {
        $document.put($key, &());
        $crate::json::json!(@fields $document $($($rest)*)?);
    };
    (@fields $document:ident $key:tt : $value:expr $(, $($rest:tt)*)?) => {
        $document.put($key, &$value);
        $crate::json::json!(@fields $document $($($rest)*)?);
    };

    (@items $document:ident) => {};
    (@items $document:ident { $($value:tt)* } $(, $($rest:tt)*)?) => {
        $crate::json::json!(@nested $document object "" { $($value)* });
        $crate::json::json!(@items $document $($($rest)*)?);
    };
    (@items $document:ident [ $($value:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::json::json!(@nested $document array "" [ $($value)* ]);
        $crate::json::json!(@items $document $($($rest)*)?);
    };
    (@items $document:ident null $(, $($rest:tt)*)?) => {
        $document.put("", &());
        $crate::json::json!(@items $document $($($rest)*)?);
    };
    (@items $document:ident $value:expr $(, $($rest:tt)*)?) => {
        $document.put("", &$value);
        $crate::json::json!(@items $document $($($rest)*)?);
    };

    (@nested $document:ident $kind:ident $key:tt $content:tt) => {
        $document.$kind($key);
        $crate::json::json!(@within $document $content);
        $document.end();
    };
}
pub(crate) use json;

/// A document in the making: what has been begun and not ended, from the outside in, with its keys.
#[derive(Default)]
pub(crate) struct Document(Vec<(String, Value)>);

/// Never inlined, since a document calls them for each of its parts. A key is ignored where an item is put.
impl Document {
    /// Begins an object.
    #[inline(never)]
    pub(crate) fn object(&mut self, key: &str) {
        self.0.push((key.to_owned(), Value::Object(Map::new())));
    }

    /// Begins an array.
    #[inline(never)]
    pub(crate) fn array(&mut self, key: &str) {
        self.0.push((key.to_owned(), Value::Array(Vec::new())));
    }

    /// Puts a value into what was begun last.
    #[inline(never)]
    pub(crate) fn put<T: Serialize + ?Sized>(&mut self, key: &str, content: &T) {
        self.insert(key.to_owned(), value(content));
    }

    /// Ends what was begun last, within what was begun before.
    #[inline(never)]
    pub(crate) fn end(&mut self) {
        if let Some((key, value)) = self.0.pop() {
            self.insert(key, value);
        }
    }

    #[inline(never)]
    fn insert(&mut self, key: String, value: Value) {
        match self.0.last_mut() {
            Some((_, Value::Object(fields))) => drop(fields.insert(key, value)),
            Some((_, Value::Array(items))) => items.push(value),
            _ => {}
        }
    }

    /// The whole.
    #[inline(never)]
    pub(crate) fn done(mut self) -> Value {
        self.0.pop().map(|(_, value)| value).unwrap_or_default()
    }
}

/// What JSON makes of a value. It is `null` for what JSON has no form for: a map whose keys are no texts.
#[inline(never)]
pub(crate) fn value<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    #[test]
    fn a_document_is_that_of_serde_json() {
        let (list, nothing, key) = (vec!["a", "b"], None::<u8>, "told");
        let ours = [
            json!({}),
            json!([]),
            json!(null),
            json!("text"),
            json!({ "a": 1, "b": [1.5, true, null, "c", [], {}], "c": { "d": { "e": null } }, "f": list[..1] }),
            json!({ key: nothing, "list": list, "last": list.iter().map(|text| text.len()).collect::<Vec<_>>() }),
            json!([{ "a": list.len() }, [list], -1,]),
        ];
        let theirs = [
            serde_json::json!({}),
            serde_json::json!([]),
            serde_json::json!(null),
            serde_json::json!("text"),
            serde_json::json!({ "a": 1, "b": [1.5, true, null, "c", [], {}], "c": { "d": { "e": null } }, "f": list[..1] }),
            serde_json::json!({ key: nothing, "list": list, "last": list.iter().map(|text| text.len()).collect::<Vec<_>>() }),
            serde_json::json!([{ "a": list.len() }, [list], -1,]),
        ];
        assert_eq!(ours, theirs);
        let text = |documents: &[Value]| documents.iter().map(Value::to_string).collect::<Vec<_>>();
        assert_eq!(text(&ours), text(&theirs), "in the same order");
    }
}
