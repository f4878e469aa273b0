/** XNAT access of ingest: its single client, and its availability. */
package org.datman.ingest.xnat;
