/** Sessions that have to be looked at, and the workers that look. */
package org.datman.ingest.hint;
