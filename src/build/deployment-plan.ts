/** The choices of `npm run setup`: the parameters of the template, and what the deployment costs. Pure. */

/** Regions in which Lambda has no function URLs, which CloudFront needs (AWS Lambda, "Creating and managing function URLs"). */
export const WITHOUT_FUNCTION_URLS: readonly string[] = [
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ap-east-2',
  'ca-west-1',
  'eu-central-2',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
];

/** Choices to the questions; an empty one is the default. */
export interface Choices {
  readonly region: string;
  /** Host name, ARN of its certificate and perhaps the id of its hosted zone, separated by spaces. */
  readonly domain: string;
  /** Hosts of sources, comma-separated. */
  readonly hosts: string;
  readonly alarmEmail: string;
}

/** A question: its name as an option, its text, and a check that returns what is wrong with an answer. */
export interface Question {
  readonly name: keyof Choices | 'keyId';
  readonly text: string;
  readonly fallback: string;
  readonly check: (value: string) => string | undefined;
}

const matches = (pattern: RegExp, message: string) => (value: string) => (pattern.test(value) ? undefined : message);

const checkRegion = (region: string): string | undefined => {
  if (!/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region)) return 'A region is a name such as eu-west-1.';
  return WITHOUT_FUNCTION_URLS.includes(region)
    ? `Lambda has no function URLs in ${region}. Take the nearest other region: CloudFront serves all of them.`
    : undefined;
};

/** Returns the five questions. @param defaults choices of an earlier run */
export const questions = (defaults: Partial<Choices>, keyId: string): readonly Question[] => [
  {
    name: 'region',
    text: 'AWS region',
    fallback: defaults.region ?? 'us-east-1',
    check: checkRegion,
  },
  {
    name: 'domain',
    text: 'Domain, ARN of its certificate in us-east-1, and id of its Route 53 zone if there is one, separated by spaces; empty for the domain of CloudFront',
    fallback: defaults.domain ?? '',
    check: matches(
      /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+ +arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]+(?: +Z[A-Z0-9]+)?)?$/,
      'Such as: img.example.com arn:aws:acm:us-east-1:123456789012:certificate/ID',
    ),
  },
  {
    name: 'hosts',
    text: 'Hosts of your images, separated by commas, such as example.com,*.example.net; empty for all public hosts',
    fallback: defaults.hosts ?? '',
    check: matches(/^(?:[^\s,/$()@"]+(?:, *[^\s,/$()@"]+)*)?$/, 'Host names only, such as example.com,*.example.net'),
  },
  {
    name: 'keyId',
    text: 'Id of the first API key, which is made now',
    fallback: keyId,
    check: matches(/^[A-Za-z0-9_.-]{1,64}$/, 'Letters, digits and . _ - only, such as website'),
  },
  {
    name: 'alarmEmail',
    text: 'E-mail address for alarms; empty for none',
    fallback: defaults.alarmEmail ?? '',
    check: matches(/^(?:[^@\s]+@[^@\s]+)?$/, 'An e-mail address'),
  },
];

/** Returns the parameters of the template that the choices set; empty ones too. */
export function toParameters({ domain, hosts, alarmEmail }: Choices): Record<string, string> {
  const [DomainName = '', CertificateArn = '', HostedZoneId = ''] = domain.split(/ +/);
  return {
    DomainName,
    CertificateArn,
    HostedZoneId,
    SourceAllowedHosts: hosts.replaceAll(' ', ''),
    AlarmEmail: alarmEmail,
  };
}

/** Returns the choices that an earlier run, or the user, has set as parameters. */
export function fromParameters(parameters: Readonly<Record<string, string>>): Partial<Choices> {
  const { DomainName, CertificateArn, HostedZoneId, SourceAllowedHosts, AlarmEmail } = parameters;
  const domain = [DomainName, CertificateArn, HostedZoneId].filter(Boolean).join(' ');
  return {
    ...(domain && { domain }),
    ...(SourceAllowedHosts && { hosts: SourceAllowedHosts }),
    ...(AlarmEmail && { alarmEmail: AlarmEmail }),
  };
}

/** Metrics in the alarms of a default deployment, each of which is billed. */
export const ALARM_METRICS = 12;

/**
 * Returns the cost of a month with a million requests, item by item, in dollars: list prices of us-east-1 on arm64 (November
 * 2026) without free tiers, 30 kB per response. A quarter of the requests reaches Lambda, as in `npm run bench:day`.
 */
export const monthlyCost = ({
  alarms,
}: {
  readonly alarms: boolean;
}): readonly (readonly [item: string, dollars: number])[] => [
  ['CloudFront, 1 million requests and its function', 1.1],
  ['CloudFront, transfer of 30 GB', 2.55],
  ['Lambda, 250,000 images', 0.82],
  ['Logs', 0.14],
  ['Metrics', 2.7],
  ...(alarms ? [['Alarms', ALARM_METRICS * 0.1] as const] : []),
];
