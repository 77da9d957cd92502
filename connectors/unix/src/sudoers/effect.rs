//! Evaluates lists of commands, with aliases.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::Policy;
use super::command::{Command, What};
use super::work::Work;

/// Aliases nested deeper than this are ignored.
const MAX_DEPTH: usize = 128;

/// What a list of commands allows (`true`) and forbids. The last member about a command decides.
#[derive(Debug, Default)]
pub(super) struct Effect<'a> {
    /// All commands, before those in `some`.
    pub(super) every: Option<bool>,
    pub(super) some: BTreeMap<&'a str, bool>,
}

impl<'a> Effect<'a> {
    /// Adds the effect of a later member. Commands that it doesn't mention stay.
    fn then(&mut self, later: &Self, negated: bool) {
        if let Some(allowed) = later.every {
            self.every = Some(allowed != negated);
            self.some.clear();
        }
        self.some.extend(later.some.iter().map(|(&command, &allowed)| (command, allowed != negated)));
    }

    pub(super) fn len(&self) -> usize {
        self.some.len() + usize::from(self.every.is_some())
    }
}

/// The effects of commands. Those of aliases are cached.
pub(super) struct Effects<'a> {
    policy: &'a Policy,
    /// `None` while the members of the alias are being looked up.
    aliases: HashMap<&'a str, Option<Rc<Effect<'a>>>>,
    depth: usize,
    pub(super) circles: u64,
    pub(super) undefined: u64,
}

impl<'a> Effects<'a> {
    pub(super) fn new(policy: &'a Policy) -> Self {
        Self { policy, aliases: HashMap::new(), depth: 0, circles: 0, undefined: 0 }
    }

    /// The effect of a command, without its negation.
    pub(super) fn of(&mut self, command: &'a Command, work: &mut Work) -> Rc<Effect<'a>> {
        match &command.what {
            What::All => Rc::new(Effect { every: Some(true), some: BTreeMap::new() }),
            What::Some(text) => {
                Rc::new(Effect { every: None, some: BTreeMap::from([(text.as_str(), true)]) })
            }
            What::Alias(name) => self.alias(name, work),
        }
    }

    /// The effect of an alias: nothing if it is circular or not defined.
    fn alias(&mut self, name: &str, work: &mut Work) -> Rc<Effect<'a>> {
        let Some((name, members)) = self.policy.command_aliases.get_key_value(name) else {
            self.undefined += 1;
            return Rc::default();
        };
        match self.aliases.get(name.as_str()) {
            Some(Some(known)) => return Rc::clone(known),
            None if self.depth < MAX_DEPTH => {}
            _ => {
                self.circles += 1;
                return Rc::default();
            }
        }
        self.aliases.insert(name, None);
        self.depth += 1;
        let mut effect = Effect::default();
        for member in members {
            let later = self.of(member, work);
            if !work.takes(later.len() + 1) {
                break;
            }
            effect.then(&later, member.negated);
        }
        self.depth -= 1;
        let effect = Rc::new(effect);
        self.aliases.insert(name, Some(Rc::clone(&effect)));
        effect
    }
}
