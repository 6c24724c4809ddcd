//! Development inbox: the most recent mails and SMS, kept in memory.

use std::collections::VecDeque;

use kernel::{Clock, Timestamp};
use parking_lot::Mutex;

use crate::{Mail, Mailbox, Sms};

/// Maximum number of messages kept.
const CAPACITY: usize = 200;

/// A message in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its number, from 1.
    pub id: u64,
    /// Time of sending.
    pub time: Timestamp,
    /// Content.
    pub message: Message,
}

/// A mail or an SMS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A mail.
    Mail(Mail),
    /// An SMS.
    Sms(Sms),
}

/// The messages, oldest first.
#[derive(Debug)]
pub struct Inbox {
    clock: Clock,
    state: Mutex<(u64, VecDeque<Received>)>,
}

impl Inbox {
    /// An empty inbox.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            state: Mutex::default(),
        }
    }

    /// The mails, oldest first.
    pub fn mails(&self) -> Vec<(u64, Timestamp, Mail)> {
        self.each(|message| match message {
            Message::Mail(mail) => Some(mail.clone()),
            Message::Sms(_) => None,
        })
    }

    /// The SMS, oldest first.
    pub fn sms(&self) -> Vec<(u64, Timestamp, Sms)> {
        self.each(|message| match message {
            Message::Sms(sms) => Some(sms.clone()),
            Message::Mail(_) => None,
        })
    }

    /// The mail with this number.
    pub fn mail(&self, id: u64) -> Option<Mail> {
        self.mails()
            .into_iter()
            .find(|(other, ..)| *other == id)
            .map(|(_, _, mail)| mail)
    }

    /// Deletes all messages.
    pub fn clear(&self) {
        self.state.lock().1.clear();
    }

    fn each<T>(&self, of: impl Fn(&Message) -> Option<T>) -> Vec<(u64, Timestamp, T)> {
        let state = self.state.lock();
        let found = state
            .1
            .iter()
            .filter_map(|one| Some((one.id, one.time, of(&one.message)?)));
        found.collect()
    }

    pub(crate) fn keep_mail(&self, mail: &Mail) {
        self.keep(Message::Mail(mail.clone()));
    }

    pub(crate) fn keep_sms(&self, sms: &Sms) {
        self.keep(Message::Sms(sms.clone()));
    }

    fn keep(&self, message: Message) {
        let mut state = self.state.lock();
        let (last, messages) = &mut *state;
        *last += 1;
        if messages.len() == CAPACITY {
            messages.pop_front();
        }
        messages.push_back(Received {
            id: *last,
            time: self.clock.now(),
            message,
        });
    }
}

impl Mailbox {
    /// `Name <address>`, or the address alone.
    pub fn shown(&self) -> String {
        if self.name.is_empty() {
            self.address.clone()
        } else {
            format!("{} <{}>", self.name, self.address)
        }
    }
}
