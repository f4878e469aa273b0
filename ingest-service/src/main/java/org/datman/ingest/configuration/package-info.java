/** Which texts of the studies hold: new ones are accepted, unless they would withdraw files; those a person confirms. */
package org.datman.ingest.configuration;
