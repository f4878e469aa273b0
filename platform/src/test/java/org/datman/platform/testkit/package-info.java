/** What the tests of all services share: a real Kafka and PostgreSQL, publishing and awaiting events, rules for channels. */
package org.datman.platform.testkit;
