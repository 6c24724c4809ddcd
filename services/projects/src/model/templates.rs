//! Models of templates.

api::model! {
    /// The template of a mail.
    pub(crate) struct EmailTemplate as "emailTemplate" {
        /// Type of the template.
        r#type: String = "type",
        /// Locale of the recipients.
        locale: String = "locale",
        /// The message, as HTML.
        message: String = "message",
        /// The sender's name; empty for the project's.
        sender_name: String = "senderName",
        /// The sender's address; empty for the project's.
        sender_email: String = "senderEmail",
        /// Reply-to address; empty for the project's.
        reply_to: String = "replyTo",
        /// The subject.
        subject: String = "subject",
    }
}

api::model! {
    /// The template of an SMS.
    pub(crate) struct SmsTemplate as "smsTemplate" {
        /// Type of the template.
        r#type: String = "type",
        /// Locale of the recipients.
        locale: String = "locale",
        /// The message.
        message: String = "message",
    }
}
