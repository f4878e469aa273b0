/** Which study texts are in force: new ones are accepted, unless they would withdraw files; those need confirmation. */
package org.datman.ingest.configuration;
