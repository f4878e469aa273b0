/** When a session has come to rest. */
package org.datman.ingest.settle;
