/** XNAT as ingest sees it: its one client, and how it is doing. */
package org.datman.ingest.xnat;
