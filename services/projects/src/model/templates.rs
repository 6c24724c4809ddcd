//! The words of mails and SMS.

api::model! {
    /// The words of a mail.
    pub(crate) struct EmailTemplate as "emailTemplate" {
        /// Subject.
        r#type: String = "type",
        /// For readers of which locale.
        locale: String = "locale",
        /// The message, as markup.
        message: String = "message",
        /// The sender's name; empty for the project's.
        sender_name: String = "senderName",
        /// The sender's address; empty for the project's.
        sender_email: String = "senderEmail",
        /// Reply-to address; empty: the project's.
        reply_to: String = "replyTo",
        /// The subject.
        subject: String = "subject",
    }
}

api::model! {
    /// The words of an SMS.
    pub(crate) struct SmsTemplate as "smsTemplate" {
        /// Subject.
        r#type: String = "type",
        /// For readers of which locale.
        locale: String = "locale",
        /// The message.
        message: String = "message",
    }
}
