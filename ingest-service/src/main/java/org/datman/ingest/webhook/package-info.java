/** What XNAT's scripts post: proven, stored, and made into a hint. */
package org.datman.ingest.webhook;
