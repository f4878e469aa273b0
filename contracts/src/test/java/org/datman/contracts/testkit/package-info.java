/** Events that tests of several modules begin with. */
package org.datman.contracts.testkit;
