/** Paired data: files of a session beside its series, kept as they were. */
package org.datman.export.resource;
