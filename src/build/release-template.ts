/** Turns template.yaml into that of a release, which takes its code from a bucket: for a deployment without SAM and Node. Pure. */

/** Replaces a text, of which there must be at least one. @throws Error without one: the template has changed */
function replaceIn(template: string, from: string, to: string): string {
  if (!template.includes(from)) throw new Error(`template.yaml has no ${JSON.stringify(from)}`);
  return template.replaceAll(from, () => to);
}

const parameters = (version: string) => `Parameters:
  CodeBucket:
    Type: String
    AllowedPattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$'
    ConstraintDescription: the name of a bucket
    Description: S3 bucket with the package of this release, in the region of this stack
  CodeKey:
    Type: String
    Default: pixgate/${version}/pixgate-arm64.zip
    AllowedPattern: '^[^/].*\\.zip$'
    ConstraintDescription: the key of a zip, without a leading slash
    Description: Its key. For Architecture=x86_64 that of pixgate-x64.zip. An update needs another key, or Lambda keeps the code it has
`;

const GROUP = `    ParameterGroups:
      - Label: { default: Code }
        Parameters: [CodeBucket, CodeKey]
`;

/** @param template the text of template.yaml @param version of the release, such as 1.2.3 @returns the text of its template */
export function releaseTemplate(template: string, version: string): string {
  const withParameters = replaceIn(template, 'Parameters:\n  Cdn:\n', `${parameters(version)}  Cdn:\n`);
  const withGroup = replaceIn(withParameters, '    ParameterGroups:\n', GROUP);
  const forSam = '    # npm run build makes dist/: sam build leaves it as it is.\n    Metadata: { SkipBuild: true }\n';
  return replaceIn(
    replaceIn(withGroup, forSam, ''),
    'CodeUri: dist/',
    'CodeUri: { Bucket: !Ref CodeBucket, Key: !Ref CodeKey }',
  );
}
