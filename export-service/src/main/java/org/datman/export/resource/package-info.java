/** Paired data: files of a session besides its series, stored unchanged. */
package org.datman.export.resource;
