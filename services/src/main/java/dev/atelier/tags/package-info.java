/** Tags of SageMaker resources: AddTags, ListTags, DeleteTags, and the tags that create requests carry. */
package dev.atelier.tags;
