/** The nouns of the API by their short names; every shape comes from the OpenAPI document. */
import type { components } from "@attune/shared/api/schema";

export type { Problem as ProblemDocument } from "@attune/shared/live";

type Schemas = components["schemas"];

export type Account = Schemas["Account"];
export type Agent = Schemas["Agent"];
export type Attachment = Schemas["Attachment"];
export type CannedResponse = Schemas["CannedResponse"];
export type Comparison = Schemas["Comparison"];
export type Contact = Schemas["Contact"];
export type Conversation = Schemas["Conversation"];
export type Counts = Schemas["Counts"];
export type Delivery = Schemas["Delivery"];
export type Difference = Schemas["Difference"];
export type Discovery = Schemas["Discovery"];
export type Emotion = Schemas["Emotion"];
export type Evaluation = Schemas["LanguageEvaluation"];
export type Example = Schemas["Example"];
export type Findings = Schemas["Findings"];
export type HandoffReason = Schemas["HandoffReason"];
export type Inbox = Schemas["Inbox"];
export type Intent = Schemas["Intent"];
export type Job = Schemas["Job"];
export type Language = Schemas["Language"];
export type Me = Schemas["Me"];
export type Message = Schemas["Message"];
export type Miss = Schemas["Miss"];
export type Parsed = Schemas["Parsed"];
export type Priority = Schemas["Priority"];
export type Proposal = Schemas["ProposedIntent"];
export type Release = Schemas["Release"];
export type ReviewItem = Schemas["ReviewItem"];
export type ReviewReason = Schemas["ReviewReason"];
export type Role = Schemas["Role"];
export type SearchHit = Schemas["SearchHit"];
export type Sender = Schemas["Sender"];
export type Session = Schemas["Session"];
export type Status = Schemas["Status"];
export type Tag = Schemas["Tag"];
export type Team = Schemas["Team"];
export type Token = Schemas["Token"];
export type Trial = Schemas["Trial"];
export type TrialDifference = Schemas["TrialDifference"];
export type Webhook = Schemas["Webhook"];

/** A page of a list, and the key of the next one. */
export type Page<T> = { items: T[]; next?: string | null };
