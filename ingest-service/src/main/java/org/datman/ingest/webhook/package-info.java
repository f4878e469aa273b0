/** Webhooks of XNAT: verified, stored, and enqueued. */
package org.datman.ingest.webhook;
