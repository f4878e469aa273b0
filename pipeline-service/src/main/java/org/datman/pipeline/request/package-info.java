/** Hears what is known of sessions, decides what may run, asks for it; takes requests in as jobs. */
package org.datman.pipeline.request;
