/** What a session looks like, what was told of it, and what is new. */
package org.datman.ingest.session;
