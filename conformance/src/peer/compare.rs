//! What differs between the answers of both.

use serde_json::{Map, Value};

use super::difference::Difference;
use super::exchange::{Exchange, token};
use super::intended::Intended;
use super::place::{EXIT, PAGES, Place, Step};
use super::program::Said;

/// All differences between two answers: in exit status, in what is on stdout, and in the number of pages.
pub(super) fn answers(exchange: &Exchange, intended: &mut Intended) -> Vec<Difference> {
    let (ours, theirs) = (&exchange.ours, &exchange.theirs);
    let mut found = Vec::new();
    if ours.exit != theirs.exit {
        found.push(Difference::named(EXIT, ours.exit, theirs.exit));
    }
    match (&ours.said, &theirs.said) {
        (Said::Document(ours), Said::Document(theirs)) if exchange.capability == "info" => {
            values(&without_schemas(ours), &without_schemas(theirs), &mut Vec::new(), &mut found);
        }
        (Said::Document(ours), Said::Document(theirs))
            if exchange.ours.is_error() == exchange.theirs.is_error() =>
        {
            let theirs = intended.moved(exchange, ours, theirs);
            values(ours, &theirs, &mut Vec::new(), &mut found);
        }
        (Said::Nothing(_), Said::Nothing(_)) => {}
        _ => found.push(Difference {
            place: Place::Document(Vec::new()),
            ours: Some(ours.as_value()),
            theirs: Some(theirs.as_value()),
        }),
    }
    if let Some(expected) = exchange.goes_on {
        let (ours, theirs) = (token(ours).is_some(), token(theirs).is_some());
        if (ours, theirs) != (expected, expected) {
            found.push(Difference::named(PAGES, ours, theirs));
        }
    }
    found
}

/// `info` with `true` in place of every schema: they are compared by what they accept.
fn without_schemas(info: &Value) -> Value {
    let mut info = info.clone();
    let blank = |schema: Option<&mut Value>| {
        if let Some(schema @ Value::Object(_)) = schema {
            *schema = Value::Bool(true);
        }
    };
    blank(info.get_mut("authentication_schema"));
    if let Some(Value::Object(schemas)) = info.get_mut("capability_schema") {
        for schema in schemas.values_mut() {
            blank(schema.get_mut("argument"));
            blank(schema.get_mut("output"));
        }
    }
    info
}

/// All differences between two values, the deepest that tell all. The order of keys does not matter.
fn values(ours: &Value, theirs: &Value, way: &mut Vec<Step>, found: &mut Vec<Difference>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => objects(ours, theirs, way, found),
        (Value::Array(ours), Value::Array(theirs)) => {
            for index in 0..ours.len().max(theirs.len()) {
                way.push(Step::Index(index));
                either(ours.get(index), theirs.get(index), way, found);
                way.pop();
            }
        }
        _ => either_differ(Some(ours), Some(theirs), way, found),
    }
}

fn objects(
    ours: &Map<String, Value>,
    theirs: &Map<String, Value>,
    way: &mut Vec<Step>,
    found: &mut Vec<Difference>,
) {
    let only_theirs = theirs.keys().filter(|key| !ours.contains_key(*key));
    for key in ours.keys().chain(only_theirs) {
        way.push(Step::Key(key.clone()));
        either(ours.get(key), theirs.get(key), way, found);
        way.pop();
    }
}

fn either(ours: Option<&Value>, theirs: Option<&Value>, way: &mut Vec<Step>, found: &mut Vec<Difference>) {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => values(ours, theirs, way, found),
        (ours, theirs) => either_differ(ours, theirs, way, found),
    }
}

fn either_differ(ours: Option<&Value>, theirs: Option<&Value>, way: &[Step], found: &mut Vec<Difference>) {
    if ours != theirs {
        let place = Place::Document(way.to_vec());
        found.push(Difference { place, ours: ours.cloned(), theirs: theirs.cloned() });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::peer::program::Answer;

    fn found(ours: &Value, theirs: &Value) -> Vec<String> {
        let mut found = Vec::new();
        values(ours, theirs, &mut Vec::new(), &mut found);
        found.iter().map(ToString::to_string).collect()
    }

    fn document(value: Value) -> Answer {
        Answer { exit: Some(0), said: Said::Document(value) }
    }

    fn exchange(ours: Answer, theirs: Answer) -> Exchange {
        Exchange { name: "n".to_owned(), capability: "c".to_owned(), json: None, ours, theirs, goes_on: None }
    }

    fn answered(exchange: &Exchange) -> Vec<String> {
        answers(exchange, &mut Intended::default()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_leaf_that_differs_is_found_and_no_other() {
        assert_eq!(
            found(
                &json!({ "a": [1, { "b": "x", "same": true }], "only": null }),
                &json!({ "a": [1, { "same": true, "b": "y" }, 3] }),
            ),
            [
                r#"$.a[1].b: ours "x", theirs "y""#,
                "$.a[2]: ours nothing, theirs 3",
                "$.only: ours null, theirs nothing"
            ]
        );
    }

    #[test]
    fn the_order_of_keys_is_no_difference_but_that_of_items_is() {
        assert_eq!(found(&json!({ "a": 1, "b": 2 }), &json!({ "b": 2, "a": 1 })), [""; 0]);
        assert_eq!(found(&json!([1, 2]), &json!([2, 1])).len(), 2);
        assert_eq!(found(&json!({ "a": {} }), &json!({ "a": [] })), ["$.a: ours {}, theirs []"]);
        assert_eq!(found(&json!(1), &json!("1")), [r#"$: ours 1, theirs "1""#]);
    }

    #[test]
    fn an_answer_on_one_side_only_is_a_difference() {
        let traceback = Answer { exit: Some(1), said: Said::Nothing(Some("KeyError".to_owned())) };
        assert_eq!(
            answered(&exchange(document(json!({})), traceback.clone())),
            ["exit: ours 0, theirs 1", r#"$: ours {}, theirs {"exception":"KeyError"}"#]
        );
        let usage = Answer { exit: Some(1), said: Said::Nothing(None) };
        assert_eq!(answered(&exchange(usage, traceback)), [""; 0]);
    }

    #[test]
    fn an_error_is_not_compared_with_a_success_piece_by_piece() {
        let failed = json!({ "error": { "error_code": "a" }, "response": null });
        let exchange =
            exchange(document(failed), document(json!({ "error": null, "response": { "valid": true } })));
        let found = answers(&exchange, &mut Intended::default());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place.to_string(), "$");
    }

    #[test]
    fn what_is_not_one_document_is_a_difference_even_if_both_say_it() {
        let noise = || Answer { exit: Some(0), said: Said::Other("log\n{}".to_owned()) };
        assert_eq!(answered(&exchange(noise(), noise())).len(), 1);
    }

    #[test]
    fn a_listing_that_ends_too_early_or_too_late_is_a_difference_even_if_both_agree() {
        let page = |token: Value| document(json!({ "page": { "token": token } }));
        let both = |token: Value, goes_on| Exchange {
            goes_on: Some(goes_on),
            ..exchange(page(token.clone()), page(token))
        };
        assert_eq!(answered(&both(json!("t"), true)), [""; 0]);
        assert_eq!(answered(&both(json!("t"), false)), ["pages: ours true, theirs true"]);
        assert_eq!(answered(&both(Value::Null, true)), ["pages: ours false, theirs false"]);
    }

    #[test]
    fn schemas_in_info_count_only_by_being_there() {
        let info = |argument: Value| {
            document(json!({ "capability_schema": { "c": { "argument": argument, "output": {} } } }))
        };
        let compared = |ours: Value, theirs: Value| {
            let exchange = exchange(info(ours), info(theirs));
            answered(&Exchange { capability: "info".to_owned(), ..exchange })
        };
        assert_eq!(compared(json!({ "type": "object" }), json!({ "title": "X" })), [""; 0]);
        assert_eq!(compared(json!({}), Value::Null).len(), 1);
    }
}
