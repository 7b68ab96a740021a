import type { Page } from 'playwright-core';

/** Chromium writes this for each answer that is no success. Which of those are meant is for the test to say. */
const UNSUCCESSFUL_ANSWER = /^Failed to load resource: the server responded with a status of 4\d\d/;

/** What a page complains of from now on: errors and warnings on its console, errors that nobody caught, what its content policy stopped, failures of the server, requests to anybody else. */
export function collectComplaints(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    const type = message.type();
    if ((type === 'error' && !UNSUCCESSFUL_ANSWER.test(message.text())) || type === 'warning')
      complaints.push(`${type}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`not caught: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`status ${response.status()}: ${response.request().method()} ${response.url()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') complaints.push(`asked somebody else: ${request.url()}`);
  });
  return complaints;
}
